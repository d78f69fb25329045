"""The SDK's own sample, as its README has it: one handler, one ApiClient for each reply.

With one SQLite insert for each event, so that it stores what it answered. With FALLBACK in the
environment it does what is commonly added to it: an event that comes again is no error, and a reply
that fails goes out as a push.
"""

import os
import sqlite3

from flask import Flask, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.webhooks import MessageEvent, TextMessageContent

app = Flask(__name__)
configuration = Configuration(
    access_token=os.environ["LINE_TOKEN"], host=os.environ["LINE_API_URL"]
)
handler = WebhookHandler(os.environ["LINE_SECRET"])
database, answer = os.environ["DATABASE"], os.environ["ANSWER"]
has_fallback = "FALLBACK" in os.environ
store = "INSERT OR IGNORE INTO" if has_fallback else "INSERT INTO"

with sqlite3.connect(database) as created:
    created.execute("PRAGMA journal_mode=WAL")
    created.execute("CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, text TEXT)")


@app.get("/readyz")
def ready() -> str:
    return "ok"


@app.post("/callback")
def callback() -> str:
    try:
        handler.handle(request.get_data(as_text=True), request.headers["X-Line-Signature"])
    except InvalidSignatureError:
        abort(400)
    return "OK"


@handler.add(MessageEvent, message=TextMessageContent)
def on_text(event: MessageEvent) -> None:
    with sqlite3.connect(database, timeout=30) as db:
        db.execute("PRAGMA synchronous=FULL")
        db.execute(f"{store} event VALUES (?, ?)", (event.webhook_event_id, event.message.text))
    messages = [TextMessage(text=answer.format(event.message.text))]
    with ApiClient(configuration) as client:
        line = MessagingApi(client)
        try:
            line.reply_message_with_http_info(
                ReplyMessageRequest(reply_token=event.reply_token, messages=messages)
            )
        except ApiException:
            if not has_fallback:
                raise
            line.push_message(PushMessageRequest(to=event.source.user_id, messages=messages))


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]), threaded=True)
