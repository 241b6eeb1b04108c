"""Verifies a delivery of Mortise: Standard Webhooks 1.0, in Python 3, with its own library alone."""

import base64
import hashlib
import hmac
import json
import time

TOLERANCE_SECONDS = 300


def verify_webhook(secret, headers, body):
    """
    secret: as it was shown once, "whsec_..."; headers: of the request, their names in lower case;
    body: bytes as they came, before anything has parsed them. Returns the event.
    Raises ValueError where the delivery is not genuine.
    """
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("The timestamp is not of now.")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    for signature in headers.get("webhook-signature", "").split(" "):
        version, _, encoded = signature.partition(",")
        if version == "v1" and hmac.compare_digest(encoded.encode(), expected.encode()):
            return json.loads(body)
    raise ValueError("No signature fits.")
