"""Rules about retries, dead-letter queues and the invocation rate (retries-and-dlq)."""

from collections.abc import Iterator
from typing import Final

from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import Subject, below, quoted
from inspector.eventbridge.resources import DEFAULT_INVOCATION_RATE, ApiDestination, RetryPolicy, Route
from inspector.eventbridge.retry import own_delay, spoken

_MEAN_JITTER: Final = 0.5


def _no_queue(subject: Subject) -> Iterator[Hit]:
    for route, _ in subject.targeted():
        if not route.target.dead_letter_arn:
            message = f"the target {quoted(route.target.target_id)} has no dead-letter queue"
            yield Hit(route.target.origin, route.name, message)


def _region(arn: str) -> str:
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 and parts[0] == "arn" else ""


def _queue_elsewhere(subject: Subject) -> Iterator[Hit]:
    for read in subject.rules:
        for target in read.rule.targets:
            here = _region(read.rule.arn) or _region(target.arn)
            there = _region(target.dead_letter_arn or "")
            if here and there and here != there:
                message = f"the queue is in {there}, the rule in {here}"
                place = f"{read.place}/{target.target_id}"
                yield Hit(below(target.origin, "DeadLetterConfig", "Arn"), place, message)


def usual_length(policy: RetryPolicy) -> float:
    """Return the seconds that all retries of a policy take by the mean of their back-offs."""
    return sum(own_delay(retry, _MEAN_JITTER) for retry in range(1, policy.maximum_retry_attempts + 1))


def _out_of_reach(subject: Subject) -> Iterator[Hit]:
    for route in subject.routes:
        policy = route.retry_policy
        # 185 is what a policy has that names an age only: then the age is what is meant.
        if policy.maximum_retry_attempts == RetryPolicy().maximum_retry_attempts:
            continue
        length, age = usual_length(policy), policy.maximum_event_age_in_seconds
        if length > age:
            owner = route.target if route.target.retry_policy else route.destination
            message = (
                f"{policy.maximum_retry_attempts} retries take about {spoken(length)}, and the event may be "
                f"{spoken(age)} old at most"
            )
            yield Hit(below(owner.origin, "RetryPolicy"), route.name, message)


def _over_quota(subject: Subject) -> Iterator[Hit]:
    for destination in subject.workspace.destinations:
        rate = destination.invocation_rate_limit_per_second
        if rate > DEFAULT_INVOCATION_RATE:
            message = f"{rate} invocations per second, {DEFAULT_INVOCATION_RATE} are an account's default"
            yield Hit(below(destination.origin, "InvocationRateLimitPerSecond"), destination.name, message)


def _too_much(subject: Subject) -> Iterator[Hit]:
    if subject.volume is None:
        return
    routes: dict[str, list[Route]] = {}
    for route, rule in subject.targeted():
        if rule.state != "DISABLED" and rule.event_pattern is not None:
            routes.setdefault(route.destination.name, []).append(route)
    for aimed in routes.values():
        yield from _backlog(aimed[0].destination, aimed, subject.volume)


def _backlog(destination: ApiDestination, routes: list[Route], volume: float) -> Iterator[Hit]:
    arriving, rate = volume * len(routes), destination.invocation_rate_limit_per_second
    age = min(route.retry_policy.maximum_event_age_in_seconds for route in routes)
    if arriving <= rate:
        return
    # After t seconds (arriving - rate) * t events wait, and the last of them for that many over rate.
    until_lost = age * rate / (arriving - rate)
    by = f" by {len(routes)} targets" if len(routes) > 1 else ""
    message = (
        f"{arriving:g} events per second{by}, {rate} are let through: after {spoken(until_lost)} of it "
        f"events wait longer than {spoken(age)} and are lost"
    )
    yield Hit(below(destination.origin, "InvocationRateLimitPerSecond"), destination.name, message)


DELIVERY_RULES: Final = (
    LintRule(
        "EBI401", "warning",
        "A target without a dead-letter queue",
        "An event whose last attempt fails, or whose payload is no JSON, is dropped without a trace.",
        "Add `DeadLetterConfig` with the ARN of a standard SQS queue.",
        "retries-and-dlq, section 3", _no_queue,
    ),
    LintRule(
        "EBI403", "error",
        "A dead-letter queue in another region",
        "The queue must be in the rule's region (another account is possible): else the failed events are "
        "lost.",
        "Name a queue in the region of the rule.",
        "retries-and-dlq, section 3", _queue_elsewhere,
    ),
    LintRule(
        "EBI404", "warning",
        "Retries that the event's age cuts off",
        "The budget that is used up first ends the attempts. AWS publishes no figures for its back-off; by "
        "the inspector's approximation the age comes first, so that many retries are never made.",
        "Raise MaximumEventAgeInSeconds, or lower MaximumRetryAttempts to what is meant.",
        "retries-and-dlq, section 2", _out_of_reach,
    ),
    LintRule(
        "EBI405", "warning",
        "More events than the invocation rate lets through",
        "Events over the rate wait, and the waiting counts towards their maximum age: under a lasting volume "
        "the queue grows until events are too old. Looked at with `--volume` only, as if every rule matched "
        "that many events.",
        "Raise InvocationRateLimitPerSecond, match fewer events, or spread them over several destinations.",
        "request-and-auth, section 1", _too_much,
    ),
    LintRule(
        "EBI406", "info",
        "An invocation rate over the default quota",
        "An account allows 300 invocations per second and destination unless AWS has raised it.",
        "Ask AWS for a higher quota, or lower InvocationRateLimitPerSecond.",
        "resources, section 6", _over_quota,
    ),
)  # fmt: skip
