#!/usr/bin/python3
"""A mail server for the tests: takes mail on a free port of 127.0.0.1 and writes what it got as JSON.

What it does with a message is said by the name before the @ of its recipient:
  gone…   refused for good (550)            full…  refused for good after the text (552)
  later…  put off twice (451), then taken    drop…  the connection is dropped after the text, once
  slow…   answered after a long time, once   others are taken

It prints its port, and ends when its standard input does.
"""

import argparse
import asyncio
import email
import email.policy
import hashlib
import json
import os
import ssl
import sys
import time

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = argparse.ArgumentParser()
options.add_argument("--folder", required=True)
options.add_argument("--cert")
options.add_argument("--key")
options.add_argument("--tls", choices=["starttls", "tls", "none"], default="starttls")
options.add_argument("--user", default="")
options.add_argument("--password", default="")
options.add_argument("--delay", type=float, default=0.0, help="seconds before each message is acknowledged")
options.add_argument("--slow", type=float, default=5.0)
options = options.parse_args()

seen = {}
open_sessions = 0
most_sessions = 0
taken = 0


def times(address):
    seen[address] = seen.get(address, 0) + 1
    return seen[address]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        name = address.split("@")[0]
        if name.startswith("gone"):
            return f"550 5.1.1 <{address}>: user unknown"
        if name.startswith("later") and times(address) <= 2:
            return "451 4.3.2 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global taken
        name = envelope.rcpt_tos[0].split("@")[0]
        if name.startswith("full"):
            return "552 5.2.2 mailbox full"
        if name.startswith("drop") and times(envelope.rcpt_tos[0]) == 1:
            server.transport.abort()
            return "451 dropped"
        if name.startswith("slow") and times(envelope.rcpt_tos[0]) == 1:
            await asyncio.sleep(options.slow)
            return "451 4.4.2 too slow"
        taken += 1
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        found = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "subject": message["subject"],
            "from_header": str(message["from"]),
            "to_header": str(message["to"]),
            "message_id": message["message-id"],
            "auto_submitted": message["auto-submitted"],
            "text": body.get_content(),
            "files": [
                {
                    "name": it.get_filename(),
                    "type": it.get_content_type(),
                    "sha256": hashlib.sha256(it.get_payload(decode=True)).hexdigest(),
                }
                for it in message.iter_attachments()
            ],
            "is_encrypted": session.ssl is not None or options.tls == "tls",
            "is_authenticated": session.authenticated,
            "is_ascii": envelope.content.isascii(),
            "most_sessions": most_sessions,
        }
        path = os.path.join(options.folder, f"{taken:06}-{time.time_ns()}.json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False)
        os.rename(path + ".part", path)
        # The message is taken; whoever dies before the answer will send it again.
        await asyncio.sleep(options.delay)
        return "250 taken"


class Counted(SMTP):
    def connection_made(self, transport):
        global open_sessions, most_sessions
        # STARTTLS makes the connection anew; it is the same one.
        if not getattr(self, "is_counted", False):
            self.is_counted = True
            open_sessions += 1
            most_sessions = max(most_sessions, open_sessions)
        super().connection_made(transport)

    def connection_lost(self, error):
        global open_sessions
        if self.is_counted:
            self.is_counted = False
            open_sessions -= 1
        super().connection_lost(error)


def authenticate(server, session, envelope, mechanism, data):
    is_right = (
        isinstance(data, LoginPassword)
        and data.login.decode() == options.user
        and data.password.decode() == options.password
    )
    return AuthResult(success=is_right, handled=is_right)


async def main():
    context = None
    if options.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
    starttls = context if options.tls == "starttls" else None

    def session():
        return Counted(
            Handler(),
            hostname="localhost",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=authenticate if options.user else None,
            auth_required=bool(options.user),
            auth_require_tls=options.tls == "starttls",
        )

    loop = asyncio.get_running_loop()
    wrapped = context if options.tls == "tls" else None
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=wrapped)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
