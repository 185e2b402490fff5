"""The demo: a recorded newsroom, a mailbox and a Slack stand-in on this machine, and the real service between them."""
