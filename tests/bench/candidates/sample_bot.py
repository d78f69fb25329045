"""The SDK's own sample, as its README has it: one handler, one ApiClient for each reply.

With one SQLite insert for each event, so that it stores what it answered.
"""

import os
import sqlite3

from flask import Flask, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    MessagingApi,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.webhooks import MessageEvent, TextMessageContent

app = Flask(__name__)
configuration = Configuration(access_token="bench", host=os.environ["LINE_API_URL"])
handler = WebhookHandler(os.environ["LINE_SECRET"])
database = os.environ["DATABASE"]

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
        db.execute("INSERT INTO event VALUES (?, ?)", (event.webhook_event_id, event.message.text))
    with ApiClient(configuration) as client:
        MessagingApi(client).reply_message_with_http_info(
            ReplyMessageRequest(
                reply_token=event.reply_token,
                messages=[TextMessage(text="10:00から19:00までです。")],
            )
        )


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]), threaded=True)
