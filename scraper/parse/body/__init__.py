"""Turns the element that holds the text of an article into clean paragraphs: without boilerplate, cards of other articles and hidden parts, with
list numbers and superscripts."""
