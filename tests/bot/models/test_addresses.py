"""Addresses of models: what the operator has allowed, and nothing that only looks like it."""

import pytest

from bot.errors import OperatorError, ShownToUser
from bot.models.addresses import AllowedAddresses

ALLOWED = AllowedAddresses(
    [
        "https://api.example.com/v1",
        "http://127.0.0.1:8080/v1/",
        "http://[::1]:9/v1",
        "https://open.test",
    ]
)
SENTENCE = (
    "Models may only be at https://api.example.com/v1, http://127.0.0.1:8080/v1, "
    "http://[::1]:9/v1 or https://open.test; whoever runs this bot can allow more."
)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1"),
        (" https://api.example.com/v1/ ", "https://api.example.com/v1"),
        ("HTTPS://API.Example.COM:443/v1", "https://api.example.com/v1"),
        ("https://api.example.com/v1/beta", "https://api.example.com/v1/beta"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://[::1]:9/v1", "http://[::1]:9/v1"),
        ("https://open.test", "https://open.test"),
        ("https://open.test/any/path", "https://open.test/any/path"),
    ],
)
def test_an_allowed_address_comes_back_in_its_plain_form(url, plain):
    assert ALLOWED.checked(url) == plain


@pytest.mark.parametrize(
    "url",
    [
        "https://user@api.example.com/v1",
        "https://api.example.com@evil.test/v1",
        "https://api.example.com:443@evil.test/v1",
        "https://evil.test/https://api.example.com/v1",
        "https://evil.test#https://api.example.com/v1",
        "https://evil.test?https://api.example.com/v1",
        "https://evil.test\\@api.example.com/v1",
        "https://api.example.com\\@evil.test/v1",
        "https://api.example.com.evil.test/v1",
        "https://evilapi.example.com/v1",
        "https://example.com/v1",
        "https://api.example.com./v1",
        "https://api..example.com/v1",
        "https://api。example.com/v1",
        "https://api．example．com/v1",
        "https://ⓐpi.example.com/v1",
        "https://api.example.com/v1?x=1",
        "https://api.example.com/v1#x",
        "https://api.example.com/v1/../admin",
        "https://api.example.com/v1/./x",
        "https://api.example.com/v1/%2e%2e/admin",
        "https://api.example.com/v1%00",
        "https://api.example.com//v1",
        "https://api.example.com/v1//x",
        "https://api.example.com/V1",
        "https://api.example.com/v10",
        "https://api.example.com/",
        "https://api.example.com:8443/v1",
        "https://api.example.com:0443/v1",
        "https://api.example.com:/v1",
        "https://api.example.com:443:80/v1",
        "https://api.example.com:99999/v1",
        "https://open.test:4294967739/",
        "http://api.example.com/v1",
        "ftp://api.example.com/v1",
        "file:///etc/passwd",
        "//api.example.com/v1",
        "api.example.com/v1",
        "https:api.example.com/v1",
        "https:///api.example.com/v1",
        "https://\tapi.example.com/v1",
        "https://api.example.com/v1\n",
        "https://api.example.com/v1\r\nHost: evil.test",
        "https://api.example.com/v1 x",
        "http://localhost:8080/v1",
        "http://127.1:8080/v1",
        "http://2130706433:8080/v1",
        "http://0x7f.0.0.1:8080/v1",
        "http://0177.0.0.1:8080/v1",
        "http://127.0.0.1.:8080/v1",
        "http://127.0.0.1:80/v1",
        "http://127.0.0.1/v1",
        "http://１２７.0.0.1:8080/v1",
        "http://[::ffff:127.0.0.1]:8080/v1",
        "http://[::ffff:7f00:1]:8080/v1",
        "http://[0:0:0:0:0:0:0:1]:9/v1",
        "http://[::1%25eth0]:9/v1",
        "http://[64:ff9b::7f00:1]:8080/v1",
        "http://169.254.169.254/latest",
        "https://open.test/" + "x" * 300,
        "",
    ],
)
def test_every_other_address_is_refused_with_one_sentence(url):
    with pytest.raises(ShownToUser) as why:
        ALLOWED.checked(url)
    assert str(why.value) == SENTENCE


def test_where_nothing_is_allowed_the_sentence_says_so():
    with pytest.raises(ShownToUser, match=r"^Whoever runs this bot has allowed no addresses"):
        AllowedAddresses([]).checked("https://api.example.com/v1")


@pytest.mark.parametrize("url", ["https://user:pw@x.test", "x.test", "https://x.test/?a", "*"])
def test_an_entry_of_the_operator_that_is_no_plain_address_is_refused(url):
    with pytest.raises(OperatorError, match=r"allowed_base_urls holds .*, which is no plain addr"):
        AllowedAddresses([url])
