"""Notices of walls, told from the news about them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import walls


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (walls.SCRIPTS, "Please enable JavaScript to view this page."),
        (walls.SCRIPTS, "JavaScript is disabled in your browser."),
        (walls.SCRIPTS, "You need to enable JavaScript to run this app."),
        (walls.ADBLOCK, "Please disable your ad blocker and reload the page."),
        (walls.ADBLOCK, "It looks like you are using an ad-blocker."),
        (walls.ADBLOCK, "Ad blocker detected"),
        (walls.CONSENT, "We and our 842 partners use cookies to store and access information on your device."),
        (walls.CONSENT, "Accept all cookies"),
        (walls.CONSENT, "By continuing to use this site you agree to our terms."),
        (walls.CONSENT, "By signing in you agree to our terms of use."),
        (walls.CONSENT, "If you accept all, we will also use cookies to measure what you read."),
        (walls.CONSENT, "We value your privacy"),
        (walls.CONSENT, "Wir verwenden Cookies, um Ihnen die Seite zu zeigen."),
        (walls.CONSENT, "Nous utilisons des cookies et autres traceurs."),
        (walls.CONSENT, "Tout accepter"),
        (walls.ADBLOCK, "Bitte deaktivieren Sie Ihren Adblocker."),
        (walls.SCRIPTS, "Bitte aktivieren Sie JavaScript."),
        (walls.PAYWALL, "Abonnez-vous pour lire la suite"),
        (walls.PAYWALL, "Article réservé aux abonnés"),
        (walls.METER, "You have read 3 of your 5 free articles this month."),
        (walls.METER, "You’ve reached your monthly limit of articles."),
        (walls.PAYWALL, "Subscribe to continue reading"),
        (walls.PAYWALL, "To read the full story, subscribe or sign in."),
        (walls.PAYWALL, "This article is for subscribers only."),
        (walls.PAYWALL, "Already a subscriber? Log in"),
        (walls.LOGIN, "Log in to your account"),
        (walls.LOGIN, "Forgot your password?"),
        (walls.LOGIN, "You must be logged in to post a comment."),
        (walls.NEWSLETTER, "Sign up for our daily newsletter"),
        (walls.NEWSLETTER, "Get the day’s top stories in your inbox every morning."),
        (walls.NEWSLETTER, "Sign up to First Tide, our free daily e-mail."),
        (walls.NEWSLETTER, "Thanks for signing up!"),
    ],
)
def test_notices_are_recognised(kind, line):
    assert walls.kind(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "The regulator fined the company for setting cookies without asking its visitors.",
        "More than half of the paper’s readers now use an ad blocker, a survey found.",
        "The newspaper said it had gained 40,000 subscribers since it raised its paywall.",
        "Her newsletter has become one of the most read in the country.",
        "Developers like JavaScript because it runs everywhere.",
        "He was told to log in with a colleague’s password, the court heard.",
        "Parliament will subscribe to the treaty next month.",
        "Shares fell 4 percent.",
        "",
        "Subscribe to continue reading " * 50,
    ],
)
def test_the_news_about_them_is_none(line):
    assert walls.kind(line) is None


@given(st.text(max_size=700))
def test_any_line_has_an_answer(line):
    assert walls.kind(line) in {None, *walls.NAMES}
