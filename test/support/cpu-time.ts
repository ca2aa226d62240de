/** Milliseconds of processor time that something takes: what else the machine is busy with does not count. */
export function cpuTimeOf(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const {user, system} = process.cpuUsage(before);
	return (user + system) / 1000;
}
