import type {Reader, Runner} from '../model/machine.ts';
import {type Guest, speakWith} from './guest.ts';
import {findLaunched, launch} from './launch.ts';
import type {PracticePaths} from './paths.ts';
import type {PracticeMachine} from './prepare.ts';
import {readStamps, writeStamps} from './stamps.ts';

/** A processor that really runs guests has one up by then, in milliseconds; on some hosts /dev/kvm is there and hangs. */
const kvmPatience = 5000;

/** The guest that stays, if one was started before with this kernel; else a new one, under KVM where that was seen to boot. */
export async function bootGuest(work: {
	readonly runner: Runner;
	readonly host: Reader;
	readonly paths: PracticePaths;
	readonly practice: PracticeMachine;
	readonly stays?: boolean;
}): Promise<{readonly guest: Guest; readonly found: boolean}> {
	const {runner, host, paths, practice, stays = false} = work;
	const before = await findLaunched(paths.guest);
	const newLog = (): Promise<string> => runner.newLog('guest');
	if (before?.release === practice.release) return {guest: speakWith(before, {newLog}), found: true};
	// one that runs another kernel lives on beside this one, unless this one is to stay in its place
	if (before !== undefined && stays) await speakWith(before).stop();
	const options = {runner, practice, folder: paths.guest, stays};
	const key = await kvmKey(host, practice);
	const stamps = await readStamps(paths.stamps);
	if (key !== undefined && (stamps.kvm?.key !== key || stamps.kvm.boots)) {
		const guest = speakWith(await launch({...options, accelerator: 'kvm'}), {newLog, limits: {boot: kvmPatience}});
		const boots = await guest.ready.then(
			() => true,
			() => false
		);
		await writeStamps(paths.stamps, {...stamps, kvm: {key, boots}});
		if (boots) return {guest, found: false};
		await guest.stop();
	}
	return {guest: speakWith(await launch({...options, accelerator: 'tcg'}), {newLog}), found: false};
}

/** What the answer depends on: this kernel, this QEMU, the guest's kernel. Undefined where there is no KVM to try. */
async function kvmKey(host: Reader, practice: PracticeMachine): Promise<string | undefined> {
	const [device, release, program] = await Promise.all([
		host.stat('/dev/kvm'),
		host.readText('/proc/sys/kernel/osrelease', 256),
		host.probe(['qemu-system-x86_64', '--version'])
	]);
	if (device.status !== 'found' || release.status !== 'found' || program.status !== 'found') return undefined;
	return [release.value.trim(), program.value.stdout.split('\n')[0], practice.release].join(' | ');
}
