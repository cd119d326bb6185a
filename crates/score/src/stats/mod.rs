//! Statistics of scores: distributions, means and how sure one can be of them, medians; tests of paired differences, corrections
//! for several tests, correlation and agreement of raters.
//!
//! Comparing two runs is left to the floors above. All functions are pure; where there is no meaningful number the
//! result is `None`, never zero.

mod agreement;
mod binomial;
mod correlation;
mod detectable;
mod distribution;
mod draws;
mod interval;
mod mcnemar;
mod multiple_testing;
mod paired_bootstrap;
mod paired_tests;
mod ranks;
mod robust;
mod scale;
mod trend;
mod wilcoxon;

pub use agreement::{Level, Weights, cohen_kappa, fleiss_kappa, krippendorff_alpha, randolph_kappa};
pub use correlation::{Correlation, pearson, spearman};
pub use detectable::{detectable_mean, detectable_proportion};
pub use distribution::{Distribution, NotFinite};
pub use draws::Draws;
pub use interval::{Interval, Method, interval, mean_interval, wilson};
pub use mcnemar::{mcnemar_chi_square, mcnemar_exact};
pub use multiple_testing::{Correction, adjust};
pub use paired_bootstrap::{Bootstrap, paired_bootstrap, resamples_for};
pub use paired_tests::{paired_t_test, sign_test};
pub use robust::{median, median_absolute_deviation};
pub use scale::Scale;
pub use trend::{Trend, trend};
pub use wilcoxon::{Alternative, Wilcoxon, Zeros, wilcoxon, wilcoxon_asymptotic, wilcoxon_exact};
