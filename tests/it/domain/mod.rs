//! The rules by themselves: people, commands and dates, without a database or a clock.

mod assignments;
mod calendar;
mod cast;
mod clocks;
mod expiries;
mod grid;
mod moves;
mod situations;
mod story;
mod transitions;
mod world;
