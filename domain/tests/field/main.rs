//! Work on the doorstep and on the site, on both databases: visits and the quota, inspections, move-ins.

mod inspections;
mod move_ins;
mod visits;
mod world;
