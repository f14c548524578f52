"""Invented wijken to draw, with shapes, and eyes to look at what was drawn."""

import numpy as np
import pytest

from bayesmodel.testing import invented_fit


@pytest.fixture(scope="session")
def fit():
    """Sixteen wijken of every status."""
    return invented_fit(areas=16)


@pytest.fixture(scope="session")
def shapes(fit):
    """A square for every wijk, four in a row, and one that no wijk belongs to."""
    return squares([*fit.counts.areas.codes, "WK999999"])


def squares(codes):
    """Return GeoJSON with a square for each code."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    features = [
        {
            "type": "Feature",
            "properties": {"naam": f"vlak {number}", "code": code},
            "geometry": {"type": "Polygon", "coordinates": [np.add(corners, (number % 4, number // 4)).tolist()]},
        }
        for number, code in enumerate(codes)
    ]
    return {"type": "FeatureCollection", "features": features}


class Seen:
    """What stands in the first axes of a picture."""

    def __init__(self, figure):
        self.figure, self.axes = figure, figure.axes[0]

    @property
    def names(self):
        """What stands along the y axis, from top to bottom of the drawing order."""
        return [text.get_text() for text in self.axes.get_yticklabels()]

    @property
    def caption(self):
        """The text under the picture."""
        return " ".join(self.figure._supxlabel.get_text().split())

    @property
    def title(self):
        """The text above the picture."""
        return " ".join(self.figure._suptitle.get_text().split())

    @property
    def legend(self):
        """The texts of the legend."""
        found = self.axes.get_legend() or self.figure.legends[0]
        return [text.get_text() for text in found.get_texts()]

    def marks(self, label):
        """Return x and y of the marks with a label in the legend."""
        line = next(line for line in self.axes.lines if line.get_label() == label)
        return np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)

    def mark(self, label):
        """Return the line that holds the marks with a label."""
        return next(line for line in self.axes.lines if line.get_label() == label)

    def segments(self):
        """Return both ends of every interval (interval, end, xy)."""
        found = [
            segment
            for part in self.axes.collections
            if hasattr(part, "get_segments")
            for segment in part.get_segments()
        ]
        return np.array(found)


@pytest.fixture
def look_at():
    """Look at a picture."""
    return Seen
