//! `assay logs`: questions to the log of model invocations.

mod group;
mod print;

use crate::arguments::{Format, LogsArguments, LogsCommand, LogsCost, LogsSlow};
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::interrupt::wait_for_interrupt;
use crate::{aws, input, output, times};
use assay_core::spec::RunSpec;
use assay_monitor::logs::{Asking, ByTraffic, Filter, Insights, Named, Span, costs_of, errors, slow, tokens};
use jiff::Timestamp;
use serde::Serialize;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// Asks one question.
pub(crate) async fn logs(command: LogsCommand) -> Result<Exit> {
    match command {
        LogsCommand::Slow(LogsSlow { about, limit }) => {
            let asked = Asked::new(&about, "slow").await?;
            asked.print(slow(&asked.asking(), limit).await?, print::slow)
        }
        LogsCommand::Errors(about) => {
            let asked = Asked::new(&about, "errors").await?;
            asked.print(errors(&asked.asking()).await?, print::errors)
        }
        LogsCommand::Tokens(about) => {
            let asked = Asked::new(&about, "tokens").await?;
            asked.print(tokens(&asked.asking()).await?, print::tokens)
        }
        LogsCommand::Cost(LogsCost { about, prices }) => {
            // A price table that cannot be used is told before a query is paid for.
            let prices = input::prices(prices.as_deref(), &RunSpec::default()).await?;
            let asked = Asked::new(&about, "cost").await?;
            let tokens = tokens(&asked.asking()).await?;
            let costs = costs_of(&tokens, &prices);
            let priced = ByTraffic {
                production: print::Priced { costs: costs.production, limit_reached: tokens.production.limit_reached },
                evaluation: print::Priced { costs: costs.evaluation, limit_reached: tokens.evaluation.limit_reached },
            };
            asked.print(priced, print::cost)
        }
    }
}

/// What was typed, checked, and who is asked.
struct Asked {
    question: &'static str,
    insights: Insights,
    group: String,
    span: Span,
    filter: Filter,
    time: Duration,
    format: Format,
    stop: CancellationToken,
    _interrupt: AbortOnDropHandle<()>,
}

impl Asked {
    async fn new(typed: &LogsArguments, question: &'static str) -> Result<Self> {
        let now = Timestamp::now();
        let since = times::moment("--since", &typed.since, now)?;
        let until = typed.until.as_deref().map(|until| times::moment("--until", until, now)).transpose()?;
        let span = Span::new(since, until, now);
        let span = span.map_err(|error| UsageError(format!("the time that is asked about cannot be: {error}")))?;
        let named = |option: &str, text: &Option<String>| -> Result<Option<Named>, UsageError> {
            let Some(text) = text else { return Ok(None) };
            Named::new(text).map(Some).map_err(|error| UsageError(format!("{option} cannot be used: {error}")))
        };
        let filter = Filter { model: named("--model", &typed.model)?, caller: named("--caller", &typed.caller)? };
        let time = times::length("--timeout", &typed.timeout)?.unsigned_abs();
        typed.log_group.as_deref().map(group::check).transpose()?;
        let settings = aws::signed_in().await.map_err(UsageError)?;
        let group = match &typed.log_group {
            Some(group) => group.clone(),
            None => group::of_account(settings).await?,
        };
        let stop = CancellationToken::new();
        let _interrupt = AbortOnDropHandle::new(tokio::spawn({
            let stop = stop.clone();
            async move {
                wait_for_interrupt().await;
                output::notes("\nstopping the query (Ctrl-C again to end at once)");
                stop.cancel();
                wait_for_interrupt().await;
                std::process::exit(130);
            }
        }));
        let insights = Insights::new(settings);
        Ok(Self { question, insights, group, span, filter, time, format: typed.format, stop, _interrupt })
    }

    fn asking(&self) -> Asking<'_> {
        Asking {
            insights: &self.insights,
            group: &self.group,
            span: self.span,
            filter: self.filter.clone(),
            time: self.time,
            stop: self.stop.clone(),
        }
    }

    /// Prints an answer: as JSON whole, for people with a heading and a table for each kind of traffic.
    fn print<T: Serialize>(&self, answer: ByTraffic<T>, text: impl Fn(&T, u16) -> String) -> Result<Exit> {
        let told = print::Told {
            question: self.question,
            log_group: &self.group,
            since: self.span.since(),
            until: self.span.until(),
            answer,
        };
        output::print(&told, self.format, || print::text(&told, text))?;
        Ok(Exit::Done)
    }
}
