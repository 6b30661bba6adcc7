"""CloudFront in front of the files and the API, as `delivery_rules` says."""

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from infra_cdk.constructs.file_buckets import FileBuckets
from infra_cdk.delivery_rules import (
    ALLOW_HEADERS,
    ALLOW_ORIGINS,
    BEHAVIORS,
    CORS_SECONDS,
    COUNTRY_HEADER,
    DEFAULT,
    EDGE_PROOF_HEADER,
    ERROR_CACHE_SECONDS,
    EXPOSE_HEADERS,
    FILE_METHODS,
    HSTS_SECONDS,
    ROOT_OBJECT,
    SECURITY_HEADERS,
    Behavior,
)
from infra_cdk.delivery_settings import DeliverySettings, digest_of

SERVE_MEDIA = Path(__file__).resolve().parent.parent / "edge_functions" / "serve_media.js"
MEDIA_TTL = Duration.days(1)
"""The least: objects say `private` to everybody else's caches, which this one is exempt from."""
PUBLIC_TTL = Duration.minutes(5)
LONGEST_TTL = Duration.days(365)


class NetworkEdge(Construct):
    """One distribution. `keys` are the trusted public keys, by digest.

    `revoked` holds whose grants count no more. What it holds is put there anew each minute, so that
    it is not retained.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        settings: DeliverySettings,
        buckets: FileBuckets,
        api_domain: str,
        edge_secret: str,
    ) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self.keys = {
            digest_of(key): cloudfront.PublicKey(
                self, f"Key{digest_of(key)}", encoded_key=key, comment="Proves grants of playback"
            )
            for key in settings.public_keys
        }
        self.key_group = cloudfront.KeyGroup(self, "KeyGroup", items=list(self.keys.values()))
        self.revoked = cloudfront.KeyValueStore(
            self,
            "Revoked",
            key_value_store_name=f"reprise-{stage}-revoked",
            comment="Holders of revoked sessions, until their last grant has ended",
        )
        self._serve_media = cloudfront.Function(
            self,
            "ServeMedia",
            function_name=f"reprise-{stage}-serve-media",
            comment="Takes the holder out of the path of a file, or refuses one who was revoked",
            code=cloudfront.FunctionCode.from_file(file_path=str(SERVE_MEDIA)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            key_value_store=self.revoked,
        )
        s3_origin = origins.S3BucketOrigin.with_origin_access_control
        self._origins: dict[str, cloudfront.IOrigin] = {
            "media": s3_origin(buckets.media),
            "public": s3_origin(buckets.public),
            "api": origins.HttpOrigin(
                api_domain,
                custom_headers={EDGE_PROOF_HEADER: edge_secret},
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
        }
        self._headers = self._response_headers()
        self._caches = {"media": self._files("Media", MEDIA_TTL), "api": self._api_cache()}
        self._caches["public"] = self._files("Public", PUBLIC_TTL)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Reprise, {stage}",
            domain_names=[settings.domain_name],
            certificate=acm.Certificate.from_certificate_arn(
                self, "Certificate", settings.certificate_arn
            ),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_root_object=ROOT_OBJECT,
            default_behavior=self._behavior(DEFAULT),
            additional_behaviors={
                behavior.pattern: self._behavior(behavior)
                for behavior in BEHAVIORS
                if behavior is not DEFAULT
            },
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(seconds))
                for status, seconds in ERROR_CACHE_SECONDS.items()
            ],
            enable_logging=True,
            log_bucket=buckets.logs,
            log_file_prefix="edge/",
            log_includes_cookies=False,
        )

    def _behavior(self, behavior: Behavior) -> cloudfront.BehaviorOptions:
        if behavior.origin == "api":
            return cloudfront.BehaviorOptions(
                origin=self._origins["api"],
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                cache_policy=self._caches["api"],
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            )
        return cloudfront.BehaviorOptions(
            origin=self._origins[behavior.origin],
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
            viewer_protocol_policy=(
                cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
                if behavior.signed
                else cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS
            ),
            cache_policy=self._caches[behavior.origin],
            response_headers_policy=self._headers,
            trusted_key_groups=[self.key_group] if behavior.signed else None,
            function_associations=self._on_request() if behavior.signed else None,
        )

    def _on_request(self) -> list[cloudfront.FunctionAssociation]:
        """CloudFront has proved the signature of the URL as requested before this runs."""
        return [
            cloudfront.FunctionAssociation(
                function=self._serve_media,
                event_type=cloudfront.FunctionEventType.VIEWER_REQUEST,
            )
        ]

    def _files(self, id_: str, ttl: Duration) -> cloudfront.CachePolicy:
        """Cache by path alone: no grant, no cookie and no parameter makes another copy."""
        return cloudfront.CachePolicy(
            self,
            f"{id_}Cache",
            cache_policy_name=f"reprise-{self._stage}-{id_.lower()}",
            min_ttl=ttl,
            default_ttl=ttl,
            max_ttl=LONGEST_TTL,
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _api_cache(self) -> cloudfront.CachePolicy:
        """Keep nothing that does not ask for it, and never longer than a second.

        A policy that keeps nothing at all can't pass the country on, nor the token.
        """
        return cloudfront.CachePolicy(
            self,
            "ApiCache",
            cache_policy_name=f"reprise-{self._stage}-api",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.seconds(1),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(
                "Authorization", COUNTRY_HEADER
            ),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        )

    def _response_headers(self) -> cloudfront.ResponseHeadersPolicy:
        assert SECURITY_HEADERS["X-Content-Type-Options"] == "nosniff", "it has no other value"
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=f"reprise-{self._stage}-files",
            cors_behavior=cloudfront.ResponseHeadersCorsBehavior(
                access_control_allow_credentials=False,
                access_control_allow_headers=list(ALLOW_HEADERS),
                access_control_allow_methods=list(FILE_METHODS),
                access_control_allow_origins=list(ALLOW_ORIGINS),
                access_control_expose_headers=list(EXPOSE_HEADERS),
                access_control_max_age=Duration.seconds(CORS_SECONDS),
                origin_override=True,
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption(SECURITY_HEADERS["X-Frame-Options"]),
                    override=True,
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
                    override=True,
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.seconds(HSTS_SECONDS),
                    include_subdomains=True,
                    override=True,
                ),
            ),
        )
