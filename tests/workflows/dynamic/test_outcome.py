from workflows.dynamic.outcome import errored, failed, passed, shortened, skipped


def test_the_four_ends_and_their_words():
    assert passed("good").as_json() == {"outcome": "passed", "message": "good", "detail": ""}
    assert failed("bad", "why").as_json() == {"outcome": "failed", "message": "bad", "detail": "why"}
    assert skipped("no").as_json()["outcome"] == "skipped"
    assert errored("ours", "trace").as_json() == {"outcome": "errored", "message": "ours", "detail": "trace"}


def test_long_texts_are_cut_where_they_say_least(check_definition):
    said = failed("m" * 3000, "a" + "d" * 9000).as_json()
    assert said["message"] == "m" * 1999 + "…"
    assert said["detail"] == "d" * 8000
    check_definition(said, "outcome")


def test_a_short_text_is_left_alone():
    assert shortened("four", 4) == "four"
    assert shortened("fives", 4) == "fiv…"
