//! Why work on a record ends before it is whole.

use crate::spec::RunError;

/// Why a record is not finished.
#[derive(Debug)]
pub(super) enum Halt {
    /// The run stops, or who has answered so far is out of reach now: whoever goes on asks for the rest.
    Stopped,
    /// The run cannot go on.
    Broken(RunError),
}

impl From<RunError> for Halt {
    fn from(error: RunError) -> Self {
        Self::Broken(error)
    }
}

/// Ends of several calls to one: a run that broke tells more than one that stops.
pub(super) fn first_halt(ends: Vec<Result<(), Halt>>) -> Result<(), Halt> {
    let mut stopped = Ok(());
    for end in ends {
        match end {
            Ok(()) => {}
            Err(Halt::Stopped) => stopped = Err(Halt::Stopped),
            Err(broken) => return Err(broken),
        }
    }
    stopped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_broke_is_not_taken_for_one_that_stops() {
        let broken = || Err(Halt::Broken(RunError::Lost));
        for ends in [vec![Err(Halt::Stopped), broken()], vec![broken(), Err(Halt::Stopped)], vec![Ok(()), broken()]] {
            assert!(matches!(first_halt(ends), Err(Halt::Broken(RunError::Lost))));
        }
        assert!(matches!(first_halt(vec![Ok(()), Err(Halt::Stopped), Ok(())]), Err(Halt::Stopped)));
        assert!(first_halt(vec![Ok(()), Ok(())]).is_ok());
    }
}
