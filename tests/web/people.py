"""People for the tests of pages: accounts in the store that is served, without going through the form."""

import os

from questionnaire.access.connect import open_access
from questionnaire.access.roles import Role
from questionnaire.web.cookies import SESSION

PASSWORD = "a long walk along the river"


def session(access, role=Role.OWNER):
    """The cookie value of someone in this role."""
    name = f"owner-{os.urandom(4).hex()}@uni.example"
    secret = access.first_owner_link()
    if secret is not None:
        owner = access.who(access.welcome(secret, name, PASSWORD))
    else:
        owner = next(one for one in access.store.accounts() if one.role is Role.OWNER)
    return access.welcome(access.invite(owner, f"{role}-{os.urandom(4).hex()}", role), "", PASSWORD)


def signed_in(context, server, role=Role.OWNER):
    """Give a browser's context the session of someone in this role on a running server."""
    access = open_access(server.database)
    context.add_cookies([{"name": SESSION, "value": session(access, role), "url": server.url}])
    access.store.close()
    return context
