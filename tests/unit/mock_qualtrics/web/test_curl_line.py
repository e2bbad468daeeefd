import shlex

from mock_qualtrics.web.curl_line import curl_line

URL = "https://127.0.0.1:8084"
TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"


def test_the_curl_line_goes_past_a_proxy_to_this_machine_only():
    assert "--noproxy 127.0.0.1" in curl_line(f"{URL}/x", {}, TOKEN)
    assert "--noproxy" not in curl_line("https://mock.example/x", {}, TOKEN)


def test_the_curl_line_trusts_the_ca():
    line = curl_line(f"{URL}/x?a=1&b=2", {"a": "ä ' b"}, TOKEN, "my ca.pem")
    assert "--cacert 'my ca.pem'" in line
    assert f"'{URL}/x?a=1&b=2'" in line
    assert shlex.split(line)[shlex.split(line).index("--data") + 1] == '{"a": "ä \' b"}'


def test_a_line_without_a_token_takes_it_from_the_environment():
    line = curl_line(URL, '{"b":  1}', None)
    assert '--header "X-API-TOKEN: $QUALTRICS_API_TOKEN"' in line
    assert "--data '{\"b\":  1}'" in line
    assert f"--header 'X-API-TOKEN: {TOKEN}'" in curl_line(URL, {}, TOKEN)
