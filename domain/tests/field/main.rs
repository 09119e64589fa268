//! Work on the doorstep and on the site, on both databases: visits and the quota, inspections, move-ins.

#[cfg(test)]
mod inspections;
#[cfg(test)]
mod move_ins;
#[cfg(test)]
mod visits;
#[cfg(test)]
mod world;
