"""The edge on AWS: what is signed, what is private, and the same values as on one machine."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra_cdk import delivery_rules as rules
from infra_cdk.constructs.network_edge import SERVE_MEDIA
from infra_cdk.delivery_settings import DeliverySettings, digest_of
from infra_cdk.refusals import RefusedError
from tests.harness.grant_keys import ecdsa_key, rsa_key
from tests.infra.conftest import CONFIG, ROOT, Resource, Template, stub_sources

CERTIFICATE = f"arn:aws:acm:us-east-1:{'1' * 12}:certificate/00000000-0000-0000-0000-000000000000"
SETTINGS: dict[str, Any] = {
    "domainName": "media.reprise.example",
    "certificateArn": CERTIFICATE,
    "publicKeys": [ecdsa_key("KA").public_pem, rsa_key("KB").public_pem],
}


def synthesise(stage: str, folder: Path) -> Template | None:
    import aws_cdk as cdk  # noqa: PLC0415 - starting its engine takes seconds

    from infra_cdk.app import add_stacks  # noqa: PLC0415
    from infra_cdk.environments import ENVIRONMENTS  # noqa: PLC0415

    file = folder / "delivery.json"
    file.write_text(json.dumps(SETTINGS))
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = cdk.App(outdir=str(folder / "out"), context=context, analytics_reporting=False)
    add_stacks(
        app=app,
        environment=ENVIRONMENTS[stage],
        config=CONFIG if stage == "local" else {},
        sources=stub_sources(folder / "sources"),
        version="9.9.9",
        delivery=DeliverySettings.read(file),
    )
    found = {stack.stack_name: stack.template for stack in app.synth().stacks}
    template = found.get(f"reprise-{stage}-delivery")
    return Template(template) if template else None


@pytest.fixture(scope="module", params=["staging", "production"])
def stage(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def template(stage: str, tmp_path_factory: pytest.TempPathFactory) -> Template:
    found = synthesise(stage, tmp_path_factory.mktemp("delivery"))
    assert found is not None
    return found


@pytest.fixture
def distribution(template: Template) -> Mapping[str, Any]:
    config: Mapping[str, Any] = template.only("AWS::CloudFront::Distribution").properties[
        "DistributionConfig"
    ]
    return config


def behaviors(distribution: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found = {each["PathPattern"]: each for each in distribution["CacheBehaviors"]}
    return {**found, "*": distribution["DefaultCacheBehavior"]}


def bucket(template: Template, name: str) -> Resource:
    [found] = [b for b in template.all("AWS::S3::Bucket") if b.id.startswith(f"Files{name}")]
    return found


def test_the_behaviors_are_those_of_the_table_in_its_order(
    distribution: Mapping[str, Any],
) -> None:
    assert list(behaviors(distribution)) == [behavior.pattern for behavior in rules.BEHAVIORS]


def test_exactly_the_signed_behaviors_ask_for_a_key_of_the_key_group(
    template: Template, distribution: Mapping[str, Any]
) -> None:
    group = {"Ref": template.only("AWS::CloudFront::KeyGroup").id}
    for pattern, found in behaviors(distribution).items():
        [behavior] = [each for each in rules.BEHAVIORS if each.pattern == pattern]
        assert found.get("TrustedKeyGroups") == ([group] if behavior.signed else None)
        assert "TrustedSigners" not in found


def test_exactly_the_signed_behaviors_ask_the_function_whether_a_holder_was_revoked(
    template: Template, distribution: Mapping[str, Any]
) -> None:
    function = template.only("AWS::CloudFront::Function")
    arn = {"Fn::GetAtt": [function.id, "FunctionARN"]}
    for pattern, found in behaviors(distribution).items():
        [behavior] = [each for each in rules.BEHAVIORS if each.pattern == pattern]
        wanted = [{"EventType": "viewer-request", "FunctionARN": arn}] if behavior.signed else None
        assert found.get("FunctionAssociations") == wanted


def test_the_function_is_the_file_with_the_store_and_the_runtime_that_reads_it(
    template: Template, stage: str
) -> None:
    function = template.only("AWS::CloudFront::Function").properties
    store = template.only("AWS::CloudFront::KeyValueStore")
    arn = {"Fn::GetAtt": [store.id, "Arn"]}
    assert function["FunctionCode"] == SERVE_MEDIA.read_text(encoding="utf-8")
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert function["FunctionConfig"]["KeyValueStoreAssociations"] == [{"KeyValueStoreARN": arn}]
    assert function["AutoPublish"] is True
    assert store.properties["Name"] == f"reprise-{stage}-revoked"
    assert "ImportSource" not in store.properties
    assert template.body["Outputs"]["EdgeStoreArn"]["Value"] == arn


def test_two_keys_are_alive_ecdsa_and_rsa_each_named_by_what_it_is(template: Template) -> None:
    found = template.all("AWS::CloudFront::PublicKey")
    texts = {key.properties["PublicKeyConfig"]["EncodedKey"] for key in found}
    assert texts == set(SETTINGS["publicKeys"])
    for key in found:
        text = key.properties["PublicKeyConfig"]["EncodedKey"]
        assert digest_of(text) in key.id, "CloudFront changes no key in place"
    group = template.only("AWS::CloudFront::KeyGroup").properties["KeyGroupConfig"]
    assert {item["Ref"] for item in group["Items"]} == {key.id for key in found}
    outputs = template.body["Outputs"]
    assert {outputs[f"KeyId{digest_of(text)}"]["Value"]["Ref"] for text in texts} == {
        key.id for key in found
    }


def test_signed_and_public_files_lie_in_buckets_of_their_own(
    template: Template, distribution: Mapping[str, Any]
) -> None:
    origins = {origin["Id"]: origin for origin in distribution["Origins"]}
    domains = {
        pattern: json.dumps(origins[found["TargetOriginId"]]["DomainName"])
        for pattern, found in behaviors(distribution).items()
    }
    assert bucket(template, "Media").id in domains["/media/*"]
    for pattern in ("/artwork/*", "/web/*", "*"):
        assert bucket(template, "Public").id in domains[pattern]
    assert "execute-api" in domains["/v1/*"]


def test_no_bucket_is_public_or_reached_without_tls(template: Template) -> None:
    found = template.all("AWS::S3::Bucket")
    assert len(found) == 3
    for each in found:
        block = each.properties["PublicAccessBlockConfiguration"]
        assert set(block.values()) == {True}
        assert "BucketEncryption" in each.properties
    policies = template.all("AWS::S3::BucketPolicy")
    assert len(policies) == 3
    for policy in policies:
        statements = policy.properties["PolicyDocument"]["Statement"]
        denied = [each for each in statements if each["Effect"] == "Deny"]
        assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_this_distribution_reads_a_bucket_and_it_may_not_list(template: Template) -> None:
    distribution = template.only("AWS::CloudFront::Distribution").id
    readers = [
        statement
        for policy in template.all("AWS::S3::BucketPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    ]
    assert len(readers) == 2
    for statement in readers:
        assert statement["Action"] == "s3:GetObject"
        arn = statement["Condition"]["StringEquals"]["AWS:SourceArn"]
        assert distribution in json.dumps(arn)


def test_every_file_origin_is_asked_with_a_signature_of_the_edge(
    template: Template, distribution: Mapping[str, Any]
) -> None:
    controls = template.all("AWS::CloudFront::OriginAccessControl")
    for control in controls:
        config = control.properties["OriginAccessControlConfig"]
        assert (config["SigningBehavior"], config["SigningProtocol"]) == ("always", "sigv4")
    files = [origin for origin in distribution["Origins"] if "S3OriginConfig" in origin]
    assert len(files) == len(controls) == 2
    assert all(origin["OriginAccessControlId"] for origin in files)


def test_the_api_is_asked_in_tls_with_the_proof_and_told_the_country(
    template: Template, distribution: Mapping[str, Any], stage: str
) -> None:
    [origin] = [each for each in distribution["Origins"] if "CustomOriginConfig" in each]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    [proof] = origin["OriginCustomHeaders"]
    assert proof["HeaderName"] == rules.EDGE_PROOF_HEADER
    secret = f"{{{{resolve:secretsmanager:reprise/{stage}/edge:SecretString:::}}}}"
    assert proof["HeaderValue"] == secret
    cache = template.only(
        "AWS::CloudFront::CachePolicy", **_named(template, f"reprise-{stage}-api")
    )
    config = cache.properties["CachePolicyConfig"]
    headers = config["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    assert set(headers) == {"Authorization", rules.COUNTRY_HEADER}
    assert (config["DefaultTTL"], config["MaxTTL"]) == (0, 1)
    api = behaviors(distribution)["/v1/*"]
    assert set(api["AllowedMethods"]) == {
        *("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")
    }


def _named(template: Template, name: str) -> dict[str, Any]:
    [config] = [
        found.properties["CachePolicyConfig"]
        for found in template.all("AWS::CloudFront::CachePolicy")
        if found.properties["CachePolicyConfig"]["Name"] == name
    ]
    return {"CachePolicyConfig": config}


def test_files_are_cached_by_path_alone(template: Template, stage: str) -> None:
    for name in ("media", "public"):
        config = _named(template, f"reprise-{stage}-{name}")["CachePolicyConfig"]
        key = config["ParametersInCacheKeyAndForwardedToOrigin"]
        assert key["QueryStringsConfig"]["QueryStringBehavior"] == "none"
        assert key["CookiesConfig"]["CookieBehavior"] == "none"
        assert key["HeadersConfig"]["HeaderBehavior"] == "none"
        assert config["MinTTL"] > 0, "objects say private to everybody else"


def test_the_response_headers_are_those_of_the_edge_on_one_machine(
    template: Template, distribution: Mapping[str, Any]
) -> None:
    policy = template.only("AWS::CloudFront::ResponseHeadersPolicy")
    config = policy.properties["ResponseHeadersPolicyConfig"]
    cors, security = config["CorsConfig"], config["SecurityHeadersConfig"]
    assert cors["AccessControlAllowOrigins"]["Items"] == list(rules.ALLOW_ORIGINS)
    assert cors["AccessControlAllowMethods"]["Items"] == list(rules.FILE_METHODS)
    assert cors["AccessControlAllowHeaders"]["Items"] == list(rules.ALLOW_HEADERS)
    assert cors["AccessControlExposeHeaders"]["Items"] == list(rules.EXPOSE_HEADERS)
    assert cors["AccessControlMaxAgeSec"] == rules.CORS_SECONDS
    assert cors["AccessControlAllowCredentials"] is False
    assert security["ContentTypeOptions"] == {"Override": True}
    frame, referrer = security["FrameOptions"], security["ReferrerPolicy"]
    assert frame["FrameOption"] == rules.SECURITY_HEADERS["X-Frame-Options"]
    assert referrer["ReferrerPolicy"] == rules.SECURITY_HEADERS["Referrer-Policy"]
    transport = security["StrictTransportSecurity"]
    assert transport["AccessControlMaxAgeSec"] == rules.HSTS_SECONDS
    assert transport["IncludeSubdomains"] is True
    for pattern, found in behaviors(distribution).items():
        wanted = None if pattern == "/v1/*" else {"Ref": policy.id}
        assert found.get("ResponseHeadersPolicyId") == wanted


def test_buckets_answer_browsers_as_the_edge_does(template: Template) -> None:
    for name in ("Media", "Public"):
        [rule] = bucket(template, name).properties["CorsConfiguration"]["CorsRules"]
        assert rule["AllowedOrigins"] == list(rules.ALLOW_ORIGINS)
        assert rule["ExposedHeaders"] == list(rules.EXPOSE_HEADERS)
        assert rule["MaxAge"] == rules.CORS_SECONDS


def test_nobody_speaks_to_the_edge_in_the_clear_or_in_old_tls(
    distribution: Mapping[str, Any],
) -> None:
    certificate = distribution["ViewerCertificate"]
    assert certificate["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert certificate["SslSupportMethod"] == "sni-only"
    assert certificate["AcmCertificateArn"] == CERTIFICATE
    assert distribution["Aliases"] == ["media.reprise.example"]
    policies = {
        pattern: found["ViewerProtocolPolicy"] for pattern, found in behaviors(distribution).items()
    }
    assert policies["/media/*"] == policies["/v1/*"] == "https-only"
    assert set(policies.values()) == {"https-only", "redirect-to-https"}


def test_requests_are_logged_without_cookies_which_are_grants(
    template: Template, distribution: Mapping[str, Any]
) -> None:
    logging = distribution["Logging"]
    assert bucket(template, "Logs").id in json.dumps(logging["Bucket"])
    assert not logging.get("IncludeCookies")
    for name in ("Media", "Public"):
        logs = bucket(template, name).properties["LoggingConfiguration"]
        assert logs["DestinationBucketName"] == {"Ref": bucket(template, "Logs").id}


def test_an_error_of_an_origin_is_forgotten_as_the_table_says(
    distribution: Mapping[str, Any],
) -> None:
    found = {
        each["ErrorCode"]: each["ErrorCachingMinTTL"]
        for each in distribution["CustomErrorResponses"]
    }
    assert found == dict(rules.ERROR_CACHE_SECONDS)


def test_the_root_is_the_web_client(distribution: Mapping[str, Any]) -> None:
    assert distribution["DefaultRootObject"] == rules.ROOT_OBJECT


def test_production_keeps_its_files_and_staging_does_not(template: Template, stage: str) -> None:
    wanted = "Retain" if stage == "production" else "Delete"
    for each in template.all("AWS::S3::Bucket"):
        assert each.body["DeletionPolicy"] == wanted


def test_no_private_key_is_in_the_template(template: Template) -> None:
    assert "PRIVATE KEY" not in json.dumps(template.body)


STORE = f"arn:aws:cloudfront::{'1' * 12}:key-value-store/7e0c1f6e-8d0b-4f0e-9a37-5d1c0b6b1a20"


def test_the_store_is_known_once_the_edge_is_deployed(tmp_path: Path) -> None:
    path = tmp_path / "delivery.json"
    for given, known in ((SETTINGS, None), (SETTINGS | {"edgeStoreArn": STORE}, STORE)):
        path.write_text(json.dumps(given))
        assert DeliverySettings.read(path).edge_store_arn == known


BAD: dict[str, object] = {
    "a store by its name": SETTINGS | {"edgeStoreArn": "reprise-staging-revoked"},
    "a store of a region": SETTINGS
    | {"edgeStoreArn": STORE.replace("cloudfront::", "cloudfront:us-east-1:")},
    "a store that is empty": SETTINGS | {"edgeStoreArn": ""},
    "no name": SETTINGS | {"domainName": ""},
    "a URL": SETTINGS | {"domainName": "https://media.reprise.example"},
    "a certificate of another region": SETTINGS
    | {"certificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")},
    "no keys": SETTINGS | {"publicKeys": []},
    "three keys": SETTINGS | {"publicKeys": [ecdsa_key(f"K{n}").public_pem for n in range(3)]},
    "one key twice": SETTINGS | {"publicKeys": [ecdsa_key("KA").public_pem] * 2},
    "a private key": SETTINGS | {"publicKeys": [ecdsa_key("KA").private_pem]},
    "a list": [],
}


@pytest.mark.parametrize("found", BAD.values(), ids=BAD.keys())
def test_settings_that_are_wrong_are_refused_by_name(found: object, tmp_path: Path) -> None:
    path = tmp_path / "delivery.json"
    path.write_text(json.dumps(found))
    with pytest.raises(RefusedError, match="missing or wrong") as refused:
        DeliverySettings.read(path)
    assert "PRIVATE" not in str(refused.value)


def test_settings_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot read"):
        DeliverySettings.read(tmp_path / "none.json")


def test_the_local_stage_has_no_edge_in_the_cloud(tmp_path: Path) -> None:
    assert synthesise("local", tmp_path) is None
