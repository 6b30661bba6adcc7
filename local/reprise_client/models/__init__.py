"""Contains all the data models used in inputs/outputs"""

from .account import Account
from .artwork import Artwork
from .artwork_kind import ArtworkKind
from .batch import Batch
from .batch_result import BatchResult
from .change import Change
from .change_password_request import ChangePasswordRequest
from .chosen import Chosen
from .continue_watching import ContinueWatching
from .continue_watching_item import ContinueWatchingItem
from .continue_watching_item_type import ContinueWatchingItemType
from .create_profile_request import CreateProfileRequest
from .device import Device
from .device_request import DeviceRequest
from .device_request_type import DeviceRequestType
from .device_type import DeviceType
from .edit_profile_request import EditProfileRequest
from .edition import Edition
from .episode import Episode
from .field_problem import FieldProblem
from .grant import Grant
from .grant_cookies import GrantCookies
from .health import Health
from .health_checks import HealthChecks
from .health_checks_additional_property import HealthChecksAdditionalProperty
from .health_status import HealthStatus
from .history import History
from .hit import Hit
from .hit_type import HitType
from .kept_profile import KeptProfile
from .key_set import KeySet
from .list_position import ListPosition
from .listed import Listed
from .listed_type import ListedType
from .log_in_request import LogInRequest
from .manifest import Manifest
from .manifest_experiments import ManifestExperiments
from .marked_item import MarkedItem
from .marked_items import MarkedItems
from .markers import Markers
from .my_list import MyList
from .next_ import Next
from .other_position import OtherPosition
from .place import Place
from .place_state import PlaceState
from .play_markers import PlayMarkers
from .playback_quality import PlaybackQuality
from .playback_quality_network import PlaybackQualityNetwork
from .problem import Problem
from .profile import Profile
from .profiles import Profiles
from .progress import Progress
from .public_key import PublicKey
from .quality import Quality
from .receipt import Receipt
from .receipt_removed import ReceiptRemoved
from .receipt_removed_additional_property import ReceiptRemovedAdditionalProperty
from .refresh import Refresh
from .refresh_request import RefreshRequest
from .removal import Removal
from .report import Report
from .report_act_kind import ReportActKind
from .report_result import ReportResult
from .report_state import ReportState
from .screen import Screen
from .search import Search
from .season import Season
from .select_profile_request import SelectProfileRequest
from .selected import Selected
from .selected_profile import SelectedProfile
from .session import Session
from .sessions import Sessions
from .sign_up_request import SignUpRequest
from .sign_up_request_plan import SignUpRequestPlan
from .signed_in import SignedIn
from .subtitles import Subtitles
from .title import Title
from .title_type import TitleType
from .viewing import Viewing

__all__ = (
    "Account",
    "Artwork",
    "ArtworkKind",
    "Batch",
    "BatchResult",
    "Change",
    "ChangePasswordRequest",
    "Chosen",
    "ContinueWatching",
    "ContinueWatchingItem",
    "ContinueWatchingItemType",
    "CreateProfileRequest",
    "Device",
    "DeviceRequest",
    "DeviceRequestType",
    "DeviceType",
    "Edition",
    "EditProfileRequest",
    "Episode",
    "FieldProblem",
    "Grant",
    "GrantCookies",
    "Health",
    "HealthChecks",
    "HealthChecksAdditionalProperty",
    "HealthStatus",
    "History",
    "Hit",
    "HitType",
    "KeptProfile",
    "KeySet",
    "Listed",
    "ListedType",
    "ListPosition",
    "LogInRequest",
    "Manifest",
    "ManifestExperiments",
    "MarkedItem",
    "MarkedItems",
    "Markers",
    "MyList",
    "Next",
    "OtherPosition",
    "Place",
    "PlaceState",
    "PlaybackQuality",
    "PlaybackQualityNetwork",
    "PlayMarkers",
    "Problem",
    "Profile",
    "Profiles",
    "Progress",
    "PublicKey",
    "Quality",
    "Receipt",
    "ReceiptRemoved",
    "ReceiptRemovedAdditionalProperty",
    "Refresh",
    "RefreshRequest",
    "Removal",
    "Report",
    "ReportActKind",
    "ReportResult",
    "ReportState",
    "Screen",
    "Search",
    "Season",
    "Selected",
    "SelectedProfile",
    "SelectProfileRequest",
    "Session",
    "Sessions",
    "SignedIn",
    "SignUpRequest",
    "SignUpRequestPlan",
    "Subtitles",
    "Title",
    "TitleType",
    "Viewing",
)
