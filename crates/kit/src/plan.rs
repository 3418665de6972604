//! Mutations that are planned before their transaction: planning asks other services, and a transaction waits for nobody.

use std::sync::Arc;

use juyi_db::{Database, Session};
use juyi_domain::refusal::Reason;
use prost::Message;

use crate::command::Command;
use crate::context::Context;
use crate::error::Error;

/// How often a plan is made when what it was made on keeps moving.
const ATTEMPTS: usize = 8;

impl Command {
    /// Plans, and runs the command on the plan as [`Command::run`] does; plans anew where the work refuses with
    /// REVISION_CONFLICT, which says that what was planned on has moved. With the answer the plan on which it was run;
    /// `None` where the answer was there before any plan.
    ///
    /// A repetition is answered as the first time, before anybody is asked: what the plan depends on may have moved since.
    ///
    /// # Errors
    /// Those of the plan and of the work; the last REVISION_CONFLICT when every plan came too late; REQUEST_ID_REUSED.
    pub async fn run_planned<P, R, A, F>(
        &self,
        database: &Database,
        context: &Context,
        plan: impl Fn() -> A,
        work: impl Fn(Session, Arc<P>) -> F,
    ) -> Result<(R, Option<Arc<P>>), Error>
    where
        R: Message + Default,
        A: Future<Output = Result<P, Error>>,
        F: Future<Output = Result<(R, Session), Error>>,
    {
        if let Some(answer) = self.maybe_earlier(database).await? {
            return Ok((answer, None));
        }
        let mut attempts = 1;
        loop {
            let planned = match plan().await {
                Ok(planned) => Arc::new(planned),
                // The same request may have been answered in between, and left nothing to plan.
                Err(error) => {
                    let earlier = self.maybe_earlier(database).await?;
                    return earlier.map(|answer| (answer, None)).ok_or(error);
                }
            };
            match self.run(database, context, |session| work(session, Arc::clone(&planned))).await {
                Err(Error::Refused(refusals)) if attempts < ATTEMPTS && refusals.has(Reason::RevisionConflict) => {}
                outcome => return outcome.map(|answer| (answer, Some(planned))),
            }
            attempts += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use juyi_domain::refusal::Refusal;
    use juyi_policy::Policy;
    use juyi_proto::registry::v1::{Enrolment, GetEnrolmentRequest, GetEnrolmentResponse};
    use juyi_testkit::TestDatabase;

    use super::*;
    use crate::command::MIGRATIONS;

    type Ran = Result<(GetEnrolmentResponse, Option<Arc<usize>>), Error>;

    fn command() -> Command {
        Command::new("Settle", "resident", "one", &GetEnrolmentRequest::default())
    }

    fn context() -> Context {
        Context::new(Arc::new(Policy::embedded().unwrap()))
    }

    async fn databases() -> Vec<TestDatabase> {
        juyi_testkit::databases("kit", MIGRATIONS).await
    }

    fn refused(reason: Reason) -> Error {
        Refusal::new(reason, "as the test has it").into()
    }

    fn is(error: &Error, reason: Reason) -> bool {
        matches!(error, Error::Refused(refusals) if refusals.has(reason))
    }

    /// The answer of a work on the nth plan.
    fn reply(plan: usize) -> GetEnrolmentResponse {
        let enrolment = Some(Enrolment { enrolment_id: plan.to_string(), ..Default::default() });
        GetEnrolmentResponse { enrolment }
    }

    /// Runs a work that `judge`s the nth plan; with the outcome, how many plans were made.
    async fn run(on: &TestDatabase, judge: impl Fn(usize) -> Result<(), Error>) -> (Ran, usize) {
        let plans = AtomicUsize::new(0);
        let plan = || async { Ok(plans.fetch_add(1, Ordering::Relaxed) + 1) };
        let judge = &judge;
        let work = |session, plan: Arc<usize>| async move {
            judge(*plan)?;
            Ok((reply(*plan), session))
        };
        let ran = command().run_planned(&on.database, &context(), plan, work).await;
        (ran, plans.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn what_moved_is_planned_anew_and_what_was_answered_is_not() {
        for on in &databases().await {
            let judge = |plan| if plan < 3 { Err(refused(Reason::RevisionConflict)) } else { Ok(()) };
            let (ran, plans) = run(on, judge).await;
            let (answer, plan) = ran.unwrap();
            assert_eq!((answer, plan.as_deref(), plans), (reply(3), Some(&3), 3), "{}", on.kind);
            let (ran, plans) = run(on, |_| Ok(())).await;
            let (again, plan) = ran.unwrap();
            assert_eq!((again, plan, plans), (reply(3), None, 0), "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn a_plan_that_always_comes_too_late_is_given_up_and_another_refusal_at_once() {
        for on in &databases().await {
            let (ran, plans) = run(on, |_| Err(refused(Reason::RevisionConflict))).await;
            assert!(is(&ran.unwrap_err(), Reason::RevisionConflict), "{}", on.kind);
            assert_eq!(plans, ATTEMPTS, "{}", on.kind);
            let (ran, plans) = run(on, |_| Err(refused(Reason::DuplicateBill))).await;
            assert!(is(&ran.unwrap_err(), Reason::DuplicateBill), "{}", on.kind);
            assert_eq!(plans, 1, "{}", on.kind);
            // Nothing is remembered of either.
            assert_eq!(run(on, |_| Ok(())).await.0.unwrap().0, reply(1), "{}", on.kind);
        }
    }

    /// The same request is answered while this one plans, and leaves nothing to plan.
    #[tokio::test]
    async fn a_plan_that_fails_gives_way_to_an_answer_that_came_meanwhile() {
        for on in &databases().await {
            let work = |session, _| async move { Ok((reply(9), session)) };
            for meanwhile in [false, true] {
                let plan = || async move {
                    if meanwhile {
                        run(on, |_| Ok(())).await.0.unwrap();
                    }
                    Err::<usize, _>(refused(Reason::DuplicateBill))
                };
                match command().run_planned(&on.database, &context(), plan, work).await {
                    Ok((answer, plan)) => {
                        assert!(meanwhile, "{}", on.kind);
                        assert_eq!((answer, plan), (reply(1), None), "{}", on.kind);
                    }
                    Err(error) => assert!(!meanwhile && is(&error, Reason::DuplicateBill), "{}", on.kind),
                }
            }
        }
    }
}
