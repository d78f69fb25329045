"""What refusals say to operators, in Japanese and English."""

WORDS = {
    "bad_request": ("入力に誤りがあります。", "The request is not right."),
    "unauthorized": ("サインインしてください。", "Please sign in."),
    "wrong_password": (
        "メールアドレスかパスワードが違います。",
        "The e-mail address or the password is wrong.",
    ),
    "too_many_sign_ins": (
        "失敗が続いたため、しばらく待ってからお試しください。",
        "Too many failed sign-ins. Wait before the next try.",
    ),
    "wrong_own_password": ("パスワードが違います。", "The password is wrong."),
    "code_needed": (
        "認証アプリの6桁のコードを入力してください。",
        "Enter the six-digit code of your app.",
    ),
    "wrong_code": (
        "コードが違うか、使用済みです。アプリに新しいコードが出てから、もう一度お試しください。",
        "The code is wrong, or was used. Wait for the next one, then try again.",
    ),
    "weak_password_short": (
        "12文字以上にしてください。",
        "Use 12 characters or more.",
    ),
    "weak_password_long": (
        "1,024文字以内にしてください。",
        "Use 1,024 characters at most.",
    ),
    "weak_password_common": (
        "よく使われていて推測されやすいパスワードです。別のものにしてください。",
        "Many people use this password, so it is guessed first. Take another.",
    ),
    "weak_password_own_word": (
        "お名前・メールアドレス・製品名を含むパスワードは使えません。",
        "A password cannot hold your name, your address, or this product's name.",
    ),
    "prove_again": (
        "大切な操作のため、パスワードをもう一度入力してください。",
        "This is a grave change: enter your password once more.",
    ),
    "must_enrol": (
        "この権限では2段階認証が必要です。先に設定してください。",
        "Your role needs two-step sign-in. Set it up first.",
    ),
    "link_gone": (
        "このリンクは使用済みか、期限が切れています。管理者に新しいリンクを頼んでください。",
        "This link was used, or has expired. Ask a manager for a new one.",
    ),
    "last_manager": (
        "ほかに管理者がいないため、変えられません。先に別の人を管理者にしてください。",
        "There is no other manager. Make somebody else a manager first.",
    ),
    "own_standing": (
        "自分の権限・アカウント・利用停止は変えられません。別の管理者に頼んでください。",
        "Nobody changes their own role, accounts or standing. Ask another manager.",
    ),
    "email_taken": (
        "このメールアドレスのスタッフはすでにいます。",
        "Somebody with this e-mail address is here already.",
    ),
    "needed_by_role": (
        "この権限では2段階認証が必要なため、オフにできません。",
        "Your role needs two-step sign-in, so it cannot be turned off.",
    ),
    "stale_person": (
        "ほかの管理者が先にこの人の設定を変えました。いまの内容を確かめてください。",
        "Another manager changed this person meanwhile. Look at how it is now.",
    ),
    "stale_note": (
        "このノートは、ほかの画面で先に変更されたか、削除されました。いまの内容を確かめてください。",
        "This note was changed or deleted elsewhere meanwhile. Look at how it is now.",
    ),
    "stale_rules": (
        "ほかの管理者が先に窓口の決まりを変えました。いまの内容を確かめてください。",
        "Another manager changed the desk rules meanwhile. Look at how they are now.",
    ),
    "forbidden": ("この操作の権限がありません。", "You may not do this."),
    "csrf": (
        "画面を読み込み直してから、もう一度お試しください。",
        "Reload the page, then try again.",
    ),
    "too_short": (
        "2文字以上入れてください。",
        "Type two characters or more.",
    ),
    "not_found": ("見つかりません。", "There is nothing here."),
    "wrong_status": (
        "いまの対応状況ではこの操作はできません。",
        "The conversation's status does not allow this.",
    ),
    "lost_race": ("ほかのスタッフが先に操作しました。", "A colleague was first."),
    "nobody_holds": (
        "このトークを担当しているスタッフがいないため、ささやきは届きません。",
        "No colleague holds this conversation, so there is nobody to whisper to.",
    ),
    "assigned_to_other": (
        "ほかのスタッフが担当しています。",
        "A colleague holds this conversation.",
    ),
    "of_every_account": (
        "すべてのアカウントで使う定型文は、すべてのアカウントを見られる人だけが変えられます。",
        "What serves every account is changed only by those who see every account.",
    ),
    "bad_placeholders": (
        "差し込みに直す所があります。",
        "There are placeholders that must be mended first.",
    ),
    "unknown_placeholder": (
        "「{name}」という差し込みはありません。下の「差し込み」から選べます。",
        "There is no placeholder “{name}”. Choose one from the list below.",
    ),
    "blocked": (
        "お客様にブロックされているため送れません。",
        "The friend has blocked the account, so nothing can be sent.",
    ),
    "too_late": (
        "もう送信が始まっているため、取り消せません。",
        "The message has left already, so it cannot be taken back.",
    ),
    "file_over": (
        "ファイルの保存期限より後の日時には送信を予約できません。",
        "The file is not kept that long: choose an earlier moment.",
    ),
    "short_month": (
        "今月の残りの通数が、宛先の人数に足りません。",
        "The month has fewer messages left than there are recipients.",
    ),
    "broadcast_status": (
        "この一斉配信は、今の状態ではその操作ができません。",
        "The broadcast's status does not allow this.",
    ),
    "nobody_to_reach": (
        "送れる友だちがいません。",
        "There is no friend to whom it could be sent.",
    ),
    "too_far_off": (
        "これから1年以内の日時を選んでください。",
        "Choose a moment in the future, within a year.",
    ),
    "stale": ("まだ見ていないメッセージがあります。", "There are messages you have not seen."),
    "stale_file": (
        "読んだあとに、ほかの人がこのファイルを変えました。新しい内容を確かめてください。",
        "Somebody else changed this file since you read it. Look at what is new.",
    ),
    "stale_folder": (
        "見たあとに、フローのフォルダーが変わりました。もう一度確かめてください。",
        "The flows folder changed since you looked at it. Look again.",
    ),
    "bad_name": (
        "このファイル名は使えません。「.yaml」で終わる名前を付けてください。",
        "This name cannot be used. It has to end with .yaml.",
    ),
    "not_text": (
        "文字コードがUTF-8ではないため、ここでは編集できません。エディタでUTF-8にして保存し直してください。",
        "The file is not UTF-8, so it cannot be edited here. Save it as UTF-8 in an editor.",
    ),
    "read_only": (
        "フローのフォルダーに書き込めません。サーバーの権限を確かめてください。",
        "The flows folder cannot be written to. Check the server's permissions.",
    ),
    "broken_flows": (
        "直す所があるため、できません。",
        "There are problems that must be mended first.",
    ),
    "not_by_form": (
        "このファイルの書き方では、フォームから変えられません。「テキスト」で直してください。",
        "This file is written in a way that a form cannot change. Edit it as text.",
    ),
    "no_faq_file": (
        "書き足せるFAQがありません。faq フォルダーのファイルに直す所がないか、確かめてください。",
        "There is no FAQ file to add to. Make one in the faq folder, without problems.",
    ),
    "unreadable_version": (
        "この版は読めなくなっているため、戻せません。",
        "This version cannot be read any more, so nobody can be sent back to it.",
    ),
    "others_accounts": (
        "ほかのアカウントでも使うフローや、全体の設定が変わるため、公開できません。"
        "すべてのアカウントを担当する管理者に頼んでください。",
        "This changes flows of other accounts, or what all flows share, so you cannot publish it. "
        "Ask a manager of all accounts.",
    ),
    "red_tests": (
        "会話テストが失敗しているため、公開できません。",
        "A test of a talk fails, so nothing is published.",
    ),
    "warned": (
        "注意があります。内容を確かめてから公開してください。",
        "There are warnings. Read them before publishing.",
    ),
    "too_many_views": (
        "保存した条件が多すぎます。使わないものを消してからお試しください。",
        "There are too many saved views. Remove one that is not used, then try again.",
    ),
    "view_name_taken": (
        "同じ名前の条件がすでにあります。別の名前にしてください。",
        "There is a saved view of this name already. Take another name.",
    ),
    "stale_view": (
        "ほかの人が先にこの条件を変えました。いまの内容を確かめてください。",
        "Somebody else changed this saved view meanwhile. Look at how it is now.",
    ),
    "not_told": (
        "この方法はまだ設定されていません。先に通知の画面で設定してください。",
        "This means is not set up yet. Set it up on the notifications page first.",
    ),
    "already_there": ("すでにあります。", "It exists already."),
    "too_many_answers": (
        "回答が続けて送られすぎています。少し待ってからお試しください。",
        "Too many answers came in a row. Wait a moment and try again.",
    ),
    "too_fast_send": (
        "送信が続けて多すぎます。内容は残っています。少し待つと、また送れます。",
        "Too many messages in a row. Nothing is lost: wait a moment, then sending goes on.",
    ),
    "too_fast_search": (
        "検索が続けて多すぎます。少し待ってから、もう一度お試しください。",
        "Too many searches in a row. Wait a moment, then try again.",
    ),
    "too_fast_export": (
        "ファイルの書き出しが続けて多すぎます。1分ほど待ってからお試しください。",
        "Too many files in a row. Wait about a minute, then try again.",
    ),
    "too_large": ("大きすぎます。", "It is too large."),
    "too_many_uploads": (
        "ファイルが続けて多すぎます。しばらく待ってからお試しください。",
        "Too many files at once. Wait a while before the next.",
    ),
    "file_too_large": (
        "20MBまでのファイルを送れます。小さくしてからお試しください。",
        "Files of 20 MB at most can be sent. Make it smaller first.",
    ),
    "too_many_dots": (
        "画像の縦横が大きすぎます(5,000万画素まで)。小さくしてからお試しください。",
        "The picture has too many dots (50 million at most). Make it smaller first.",
    ),
    "bad_file": (
        "この種類は送れないか、中身が名前と合っていません。送れるのは画像(JPEG・PNG・GIF・WebP)、"
        "動画(MP4)、音声(M4A)、PDF・Word・Excel・PowerPoint・テキスト・CSVです。",
        "This kind cannot be sent, or the file is not what its name says. Pictures (JPEG, PNG, "
        "GIF, WebP), films (MP4), sounds (M4A), PDF, Word, Excel, PowerPoint, text and CSV can.",
    ),
    "not_playable": (
        "再生できない動画・音声です(途中で切れているか、長さが書かれていません)。"
        "別の形で書き出すか、録り直してください。",
        "This film or sound cannot be played: it is cut off, or does not tell its length. "
        "Export or record it again.",
    ),
    "sticker_not_sendable": (
        "このスタンプは送れません。LINEが公式アカウントに認めているスタンプだけを送れます。",
        "This sticker cannot be sent. LINE takes only those of its list from a business.",
    ),
    "not_reachable": (
        "このサーバーの公開アドレスがhttpsではないため、LINEは画像やファイルを受け取れません。"
        "管理者に MADOGUCHI_PUBLIC_URL の設定を頼んでください。",
        "This server's public address is not https, so LINE cannot fetch pictures or files. "
        "Ask a manager to set MADOGUCHI_PUBLIC_URL.",
    ),
    "upload_gone": (
        "添付したファイルがサーバーに残っていません。もう一度付けてください。",
        "An attached file is not on the server any more. Attach it again.",
    ),
    "quote_gone": (
        "引用元のメッセージは引用できません(送信取消など)。引用を外して送ってください。",
        "What is quoted cannot be quoted any more (it may be unsent). Send without the quote.",
    ),
    "stale_broadcast": (
        "ほかの人が先にこの配信を変えました。いまの内容を確かめてください。",
        "Somebody else changed this broadcast first. Look at how it is now.",
    ),
    "line_refuses": (
        "LINEがこの内容を受け取りません。直してから送ってください。",
        "LINE would not take this as it is. Mend it first.",
    ),
    "refused": ("いまはできません。", "This cannot be done as things are."),
    "internal": (
        "サーバーで問題が起きました。少し待ってからお試しください。",
        "Something went wrong on the server. Try again in a moment.",
    ),
}


def say(code: str, language: str) -> str:
    """A refusal's sentence."""
    japanese, english = WORDS.get(code, WORDS["refused"])
    return english if language == "en" else japanese
