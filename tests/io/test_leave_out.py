import pandas as pd

from bayesmodel.io.read import left_out_of

EXCLUSIONS = [{"column": "inwoners", "at_most": 100}, {"column": "huur", "at_most": 5.5}]


def frame_of(inwoners, huur):
    codes = [f"WK{number:06d}" for number in range(len(inwoners))]
    return pd.DataFrame({"inwoners": inwoners, "huur": huur, "naam": [f"Wijk {code}" for code in codes]}, index=codes)


def test_the_limit_itself_is_left_out_and_every_reason_is_given(study_of):
    frame = frame_of(["101", "100", "20", "500"], ["6", "6", "5.5", "5.6"])
    left_out, faults = left_out_of(frame, study_of({"x": ""}, exclusions=EXCLUSIONS))
    assert faults == []
    assert left_out.to_dict("index") == {
        "WK000001": {"name": "Wijk WK000001", "reason": "inwoners is 100, at most 100"},
        "WK000002": {"name": "Wijk WK000002", "reason": "inwoners is 20, at most 100; huur is 5.5, at most 5.5"},
    }


def test_nothing_is_left_out_without_exclusions(study_of):
    left_out, faults = left_out_of(frame_of(["1"], ["1"]), study_of({"x": ""}))
    assert (len(left_out), list(left_out), faults) == (0, ["name", "reason"], [])


def test_what_cannot_be_decided_is_a_fault(study_of):
    frame = frame_of(["101", "", "x"], ["6", "6", "6"])
    _, (fault,) = left_out_of(frame, study_of({"x": ""}, exclusions=EXCLUSIONS))
    assert (fault.where, list(fault.rows)) == ("inwoners", ["WK000002 ('x')", "WK000001 ('')"])
