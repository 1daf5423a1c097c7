//! The rules by themselves: people, commands and dates, without a database or a clock.

mod assignments;
mod calendar;
mod cast;
mod clocks;
mod dice;
mod documents;
mod editing;
mod expiries;
mod grid;
mod invariants;
mod moves;
mod parsers;
mod refusals;
mod reminders;
mod situations;
mod story;
mod transitions;
mod walk;
mod whims;
mod world;
