from odoo import models

INLINE = "prm_inline_"


class IrMailServer(models.Model):
    """Pictures of the weekly mail stand in its text, not below it as files."""

    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):
        message = super()._build_email__(*args, **kwargs)
        for part in message.iter_attachments():
            name = part.get_filename() or ""
            if name.startswith(INLINE):
                part.replace_header("Content-Disposition", "inline")
                part.set_param("filename", name, header="Content-Disposition")
                part["Content-ID"] = f"<{name}>"
        return message
