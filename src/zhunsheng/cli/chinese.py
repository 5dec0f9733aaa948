"""Help and usage errors in Chinese: what the command line library says in English, said in our words."""

from collections.abc import Iterator
from gettext import gettext

import click

_HELP = "显示本帮助。"


class _Chinese(click.Command):
    """Headings of the help in Chinese; the commands' own texts are Chinese anyway."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """As in click, with Chinese place-holders."""
        words = {"[OPTIONS]": "[选项]", "COMMAND": "命令", "[ARGS]...": "[参数]…"}
        pieces = []
        for piece in super().collect_usage_pieces(ctx):
            text = piece
            for english, chinese in words.items():
                text = text.replace(english, chinese)
            pieces.append(text)
        return pieces

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), "用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of options."""
        records = [
            record
            for parameter in self.get_params(ctx)
            if not isinstance(parameter, click.Argument)
            and (record := parameter.get_help_record(ctx)) is not None
        ]
        if records:
            with formatter.section("选项"):
                formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help with Chinese words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option


class Command(_Chinese):
    """A command whose help is Chinese throughout."""


class Group(_Chinese, click.Group):
    """A group whose help is Chinese throughout."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


def usage_message(wrong: click.ClickException) -> str:
    """What is wrong with the command line, in Chinese; our own messages stay as they are."""
    match wrong:
        case click.NoSuchOption():
            near = f"，是否想用 {'、'.join(wrong.possibilities)}" if wrong.possibilities else ""
            return f"没有选项 {wrong.option_name}{near}"
        case click.MissingParameter():
            return f"缺少{_parameter(wrong)}"
        case click.BadParameter():
            return f"{_parameter(wrong)}：{_reason(wrong.message)}"
        case click.BadOptionUsage():
            return f"选项 {wrong.option_name} {_reason(wrong.message).removeprefix(f'“{wrong.option_name}”')}"
        case click.FileError():
            return f"文件“{wrong.ui_filename}”打不开"
        case _:
            return _reason(wrong.format_message())


def _parameter(wrong: click.BadParameter) -> str:
    parameter = wrong.param
    if parameter is None:
        return "参数"
    if isinstance(parameter, click.Argument):
        return f"参数 {parameter.make_metavar(wrong.ctx) if wrong.ctx else parameter.human_readable_name}"
    return f"选项 {' / '.join(parameter.opts)}"


def _reason(message: str) -> str:
    return next(_translated(message), message)


# how the library words its messages, up to the first value, and what we say instead
_BEGINNINGS = (
    ("Got unexpected extra argument", "多出参数"),
    ("Missing command", "缺少命令"),
    ("No such command", "没有这个命令"),
)
_ENDINGS = (
    ("does not exist.", "不存在"),
    ("is a directory.", "是文件夹，要求文件"),
    ("is a file.", "是文件，要求文件夹"),
    ("is not readable.", "不可读取"),
    ("is not writable.", "不可写入"),
    ("requires an argument.", "要求给出一个值"),
    ("does not take a value.", "不带值"),
    ("is not a valid integer.", "不是整数"),
)


def _translated(message: str) -> Iterator[str]:
    shown = message.strip()
    value = shown.split("'")[1] if shown.count("'") >= 2 else ""
    quoted = f"“{value}”" if value else ""
    for english, chinese in _BEGINNINGS:
        if shown.startswith((english, gettext(english))):
            rest = shown.partition("(")[2].rstrip(").")
            yield f"{chinese}：{rest}" if rest else chinese
    for english, chinese in _ENDINGS:
        if shown.endswith(english):
            yield f"{quoted}{chinese}"
    if "is not one of" in shown:
        yield f"{quoted}不在可选的值之内：{shown.partition('is not one of')[2].strip(' .').replace(chr(39), '')}"
