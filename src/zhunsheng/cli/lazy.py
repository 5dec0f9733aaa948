"""A command group that imports a command only when it is run, so that the program starts fast."""

from importlib import import_module

import click

from zhunsheng.cli.chinese import Group


class LazyGroup(Group):
    """A group whose commands are named as "module:attribute" with their one-line help."""

    def __init__(self, *args: object, commands_at: dict[str, tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # handed through to click unchanged
        self.commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order they were declared."""
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command."""
        if cmd_name not in self.commands_at:
            return None
        module_name, _, attribute = self.commands_at[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module_name), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with a message in Chinese that lists what is possible."""
        if args and args[0] not in self.commands_at and not args[0].startswith("-"):
            known = "、".join(self.commands_at)
            raise click.UsageError(f"没有“{args[0]}”这个命令（可用：{known}）。", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("命令"):
            formatter.write_dl([(name, words) for name, (_, words) in self.commands_at.items()])
