"""The last step of encoding on AWS: check and measure what was packaged, let the catalog name it.

What it raises ends the execution, whose cause says all that is wrong.
"""

import os
from collections.abc import Mapping
from typing import Any

from reprise.application.publish_encoded import publish_encoded
from reprise.bootstrap.media import PublishingWiring
from reprise.edge import consumers, encodings, observability
from reprise.edge.http import Context, Event
from reprise.settings import PublishingSettings

SETTINGS = PublishingSettings.from_env(os.environ)

wiring = PublishingWiring(SETTINGS)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    encoding = encodings.read_encoding(event)

    output: dict[str, Any] = {}

    def work() -> Mapping[str, Any]:
        media = publish_encoded(
            encoding=encoding,
            titles=wiring.titles,
            packages=wiring.packages,
            playlists=wiring.playlists,
            renditions=wiring.renditions,
            copies=wiring.copies,
        )
        observability.count("EncodingsPublished")
        output.update(encodings.output_of(media))
        return encodings.facts_of(media)

    consumers.run(context, name="media/publish_encoded", work=work)
    return output
