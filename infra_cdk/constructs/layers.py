"""The layers of a stage, made once and shared by its functions."""

from collections.abc import Mapping
from pathlib import Path

import aws_cdk.aws_lambda as lambda_
from constructs import Construct


class Layers(Construct):
    """One layer version per built folder."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        folders: Mapping[str, Path],
        architecture: lambda_.Architecture,
    ) -> None:
        super().__init__(scope, id_)
        self.versions: dict[str, lambda_.LayerVersion] = {
            name: lambda_.LayerVersion(
                self,
                name.capitalize(),
                layer_version_name=f"reprise-{stage}-{name}",
                # A built folder is named after what it was built from: nothing left to hash.
                code=lambda_.Code.from_asset(str(folder), asset_hash=folder.name),
                compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
                compatible_architectures=[architecture],
            )
            for name, folder in folders.items()
        }
