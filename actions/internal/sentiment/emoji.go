package sentiment

// same is the face that an emoji, or its name between colons, stands for; the
// emoji itself where no face is known.
func same(emoji string) string {
	if f, known := faces[emoji]; known {
		return f
	}
	return emoji
}

// faces are the emoji that people write instead of faces.
var faces = map[string]string{
	"🙂": ":)", "😊": ":)", "☺": ":)", ":slightly_smiling_face:": ":)", ":blush:": ":)", ":relaxed:": ":)",
	"😀": ":D", "😃": ":D", "😄": ":D", "😁": ":D", "😂": ":D", "🤣": ":D", "😆": ":D", ":smile:": ":D", ":smiley:": ":D", ":grin:": ":D", ":grinning:": ":D", ":joy:": ":D", ":laughing:": ":D",
	"🎉": ":D", "🚀": ":D", "🙌": ":D", ":tada:": ":D", ":rocket:": ":D", ":raised_hands:": ":D", ":clap:": ":D", "👏": ":D",
	"😉": ";)", ":wink:": ";)", "😛": ":P", "😜": ":P", ":stuck_out_tongue:": ":P", ":stuck_out_tongue_winking_eye:": ":P",
	"❤": "<3", "💖": "<3", "💙": "<3", "💚": "<3", "🧡": "<3", "😍": "<3", ":heart:": "<3", ":heart_eyes:": "<3", ":yellow_heart:": "<3", ":sparkling_heart:": "<3",
	"👍": ":+1:", ":thumbsup:": ":+1:", ":ok_hand:": ":+1:", "👌": ":+1:", "🙏": ":pray:",
	"😢": ":(", "😭": ":(", "🙁": ":(", "☹": ":(", "😞": ":(", "😔": ":(", "😡": ":(", "😠": ":(", "😩": ":(", "😤": ":(", "👎": ":(", "💔": ":(",
	":cry:": ":(", ":sob:": ":(", ":disappointed:": ":(", ":rage:": ":(", ":angry:": ":(", ":weary:": ":(", ":-1:": ":(", ":thumbsdown:": ":(", ":broken_heart:": ":(", ":frowning:": ":(", ":pensive:": ":(",
	"😕": ":/", "😬": ":/", "🙄": ":/", "🤦": ":/", ":confused:": ":/", ":unamused:": ":/", ":grimacing:": ":/", ":roll_eyes:": ":/", ":facepalm:": ":/",
}
