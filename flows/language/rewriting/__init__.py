"""A managers' file changed by parts: a text and a change in, the new text out, all else untouched.

`changes` is the door. What is changed stands where it stood, in the style in which it was written;
remarks, order, quotes and layout of everything else stay byte for byte.
"""
