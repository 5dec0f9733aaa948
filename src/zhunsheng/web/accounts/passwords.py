"""The rule about the length of passwords, in our words: the framework has no Chinese ones for it."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """As the framework's, said in the language of the reader."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return _("密码太短，至少 %(length)s 个字符。") % {"length": self.min_length}

    def get_help_text(self) -> str:
        """What is wanted."""
        return _("至少 %(length)s 个字符。") % {"length": self.min_length}
