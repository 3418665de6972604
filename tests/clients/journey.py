"""A department's client in another language: stubs generated from the contracts, and reflection."""

import importlib
import json
import pathlib
import sys
import tempfile

import grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_tools import protoc

address, contracts, identity_number = sys.argv[1:]

# Stubs from the contracts.
stubs = tempfile.TemporaryDirectory()
files = [str(path) for path in pathlib.Path(contracts).rglob("*.proto")]
arguments = ["protoc", f"-I{contracts}", f"--python_out={stubs.name}", f"--grpc_python_out={stubs.name}", *files]
assert protoc.main(arguments) == 0
sys.path.insert(0, stubs.name)


def module(service, kind=""):
    return importlib.import_module(f"juyi.{service}.v1.{service}_service_pb2{kind}")


codes = importlib.import_module("juyi.common.v1.codes_pb2")
channel = grpc.insecure_channel(address)


def by(office):
    """A township names its district."""
    metadata = [("x-juyi-office", office), ("x-juyi-name", "python client")]
    return metadata + [("x-juyi-district", "120118")] if office == "TOWNSHIP" else metadata


# Reflection knows every service.
services = set(ProtoReflectionDescriptorDatabase(channel).get_services())
for name in ["registry.v1.RegistryService", "settlement.v1.SettlementService", "accident.v1.AccidentService"]:
    assert f"juyi.{name}" in services, services

registry, registry_stub = module("registry"), module("registry", "_grpc").RegistryServiceStub(channel)
resident = registry_stub.RegisterResident(
    registry.RegisterResidentRequest(
        request_id="py-register",
        identity_number=identity_number,
        name="somebody",
        household_district="120118",
        residence_district="120118",
        household_area=codes.AREA_RURAL,
    ),
    metadata=by("TOWNSHIP"),
).resident
enrolment = registry_stub.Enrol(
    registry.EnrolRequest(
        request_id="py-enrol",
        resident_id=resident.resident_id,
        policy_year=2021,
        district="120118",
        tier=codes.TIER_MIDDLE,
        desk=codes.DESK_TOWNSHIP_SERVICE,
        application_date="2020-10-12",
        previous_year=registry.PREVIOUS_YEAR_INSURED,
        papers=[codes.PAPER_IDENTITY_PAPER],
    ),
    metadata=by("TOWNSHIP"),
).enrolment
assert enrolment.category == codes.CATEGORY_RURAL_RESIDENT, enrolment

contribution = module("contribution")
contribution_stub = module("contribution", "_grpc").ContributionServiceStub(channel)
payment = contribution.ConfirmPaymentRequest(
    request_id="py-pay",
    resident_id=resident.resident_id,
    enrolment_id=enrolment.enrolment_id,
    amount_fen=50000,
    payment_date="2020-10-20",
    method=codes.PAYMENT_METHOD_MOBILE_APP,
    voucher_number="PY-1",
)
try:
    contribution_stub.ConfirmPayment(payment, metadata=by("TAX"))
    raise AssertionError("a wrong amount was accepted")
except grpc.RpcError as refused:
    assert refused.code() == grpc.StatusCode.FAILED_PRECONDITION, refused
    assert "AMOUNT_MISMATCH" in refused.details(), refused.details()
payment.amount_fen = 56000
contribution_stub.ConfirmPayment(payment, metadata=by("TAX"))

# Coverage follows from the payment through the outbox.
benefit_period = module("benefit_period")
benefit_period_stub = module("benefit_period", "_grpc").BenefitPeriodServiceStub(channel)
for _ in range(200):
    coverage = benefit_period_stub.GetCoverage(
        benefit_period.GetCoverageRequest(
            resident_id=resident.resident_id, date="2021-03-01", insurance=codes.INSURANCE_BASIC
        ),
        metadata=by("MEDICAL_INSURANCE"),
    )
    if coverage.covered:
        break
assert coverage.covered and coverage.span.start_date == "2021-01-01", coverage

settlement = module("settlement")
bills = importlib.import_module("juyi.settlement.v1.bill_pb2")
settlement_stub = module("settlement", "_grpc").SettlementServiceStub(channel)
settled = settlement_stub.Settle(
    settlement.SettleRequest(
        request_id="py-settle",
        resident_id=resident.resident_id,
        bill=bills.Bill(
            bill_number="PY-1",
            care_kind=bills.CARE_KIND_INPATIENT,
            provider=bills.Provider(provider_code="H12011800001", level=codes.PROVIDER_LEVEL_3, designated=True),
            admission_date="2021-03-01",
            discharge_date="2021-03-09",
            outside_border=False,
            total_fen=2000000,
            eligible_fen=2000000,
        ),
    ),
    metadata=by("PROVIDER"),
).settlement
print(json.dumps({"basic_fund_fen": settled.shares.basic_fund_fen, "person_fen": settled.shares.person_fen}))
