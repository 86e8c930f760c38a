"""The subcommands of ``synergy``, one a file; importing one loads no heavy library."""
