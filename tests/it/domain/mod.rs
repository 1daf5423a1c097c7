//! The rules by themselves: people, commands and dates, without a database or a clock.

mod assignments;
mod calendar;
mod cast;
mod clocks;
mod decisions;
mod dice;
mod documents;
mod editing;
mod expiries;
mod grid;
mod invariants;
mod moves;
mod offers;
mod parsers;
mod pauses;
mod refusals;
mod reminders;
mod situations;
mod stakes;
mod story;
mod transitions;
mod validation;
mod walk;
mod whims;
mod world;
