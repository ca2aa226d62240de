import {parseLockdown, parseSecureBoot, parseSigEnforce} from '../kernel/security.ts';
import {hasOopsed} from '../kernel/taint.ts';
import {mayReadJournal} from '../machine/kernel-log-access.ts';
import type {Found, Reader} from '../model/machine.ts';
import {type Distribution, parseOsRelease} from './os-release.ts';

export type Privilege = 'root' | 'sudo' | 'none';

export type MachineFacts = {
	readonly distribution: Distribution | undefined;
	readonly architecture: string;
	readonly isLinux: boolean;
	readonly privilege: Privilege;
	/** Bytes free in the user's home folder. */
	readonly freeSpace: Found<number>;
	readonly secureBoot: 'on' | 'off' | 'unknown';
	readonly lockdown: 'none' | 'integrity' | 'confidentiality' | 'unknown';
	/** The kernel accepts modules at all: built with CONFIG_MODULES, not closed by kernel.modules_disabled. */
	readonly modules: 'enabled' | 'not-built' | 'disabled' | 'unknown';
	readonly signatures: 'enforced' | 'not-enforced' | 'unknown';
	/** Whether following the kernel log needs root here. */
	readonly kernelLogNeedsRoot: boolean;
	/** The kernel oopsed since boot (taint flag D). */
	readonly oopsed: boolean | undefined;
};

const secureBootVariable = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** What does not depend on any one kernel: who, where, and what the running kernel allows. Files only. */
export async function surveyMachine(reader: Reader): Promise<MachineFacts> {
	const [
		osRelease,
		sudo,
		freeSpace,
		efi,
		variable,
		lockdown,
		proc,
		procModules,
		disabled,
		enforce,
		tainted,
		restricted,
		journal
	] = await Promise.all([
		reader.readText('/etc/os-release', 64 * 1024),
		reader.which('sudo'),
		reader.freeSpace(reader.user.home),
		reader.stat('/sys/firmware/efi'),
		reader.readBytes(secureBootVariable, 64),
		reader.readText('/sys/kernel/security/lockdown', 256),
		reader.stat('/proc/sys/kernel/osrelease'),
		reader.stat('/proc/modules'),
		reader.readText('/proc/sys/kernel/modules_disabled', 16),
		reader.readText('/sys/module/module/parameters/sig_enforce', 16),
		reader.readText('/proc/sys/kernel/tainted', 32),
		reader.readText('/proc/sys/kernel/dmesg_restrict', 16),
		mayReadJournal(reader)
	]);
	// a mounted system does not run: what only a running kernel can say is unknown, not "no"
	const isMounted = reader.root !== '/' && proc.status === 'absent';
	const enforced = enforce.status === 'found' ? parseSigEnforce(enforce.value) : undefined;
	return {
		distribution: osRelease.status === 'found' ? parseOsRelease(osRelease.value) : undefined,
		architecture: reader.architecture,
		isLinux: isMounted ? osRelease.status === 'found' : proc.status !== 'absent',
		privilege: reader.user.uid === 0 ? 'root' : sudo.status === 'found' ? 'sudo' : 'none',
		freeSpace,
		secureBoot: isMounted ? 'unknown' : secureBootState(efi, variable),
		lockdown:
			lockdown.status === 'found'
				? (parseLockdown(lockdown.value) ?? 'unknown')
				: lockdown.status === 'absent' && !isMounted
					? 'none'
					: 'unknown',
		modules: isMounted ? 'unknown' : modulesState(procModules, disabled),
		signatures: enforced === undefined ? 'unknown' : enforced ? 'enforced' : 'not-enforced',
		kernelLogNeedsRoot:
			reader.user.uid !== 0 && restricted.status === 'found' && restricted.value.trim() === '1' && !journal,
		oopsed: tainted.status === 'found' && /^\d+\s*$/.test(tainted.value) ? hasOopsed(Number(tainted.value)) : undefined
	};
}

/** Without EFI there is no Secure Boot. */
function secureBootState(efi: Found<unknown>, variable: Found<Uint8Array>): MachineFacts['secureBoot'] {
	if (efi.status === 'absent') return 'off';
	const on = variable.status === 'found' ? parseSecureBoot(variable.value) : undefined;
	return on === undefined ? 'unknown' : on ? 'on' : 'off';
}

function modulesState(procModules: Found<unknown>, disabled: Found<string>): MachineFacts['modules'] {
	// /proc/modules is there exactly when the kernel has CONFIG_MODULES (kernel/module/procfs.c)
	if (procModules.status === 'absent') return 'not-built';
	if (disabled.status === 'found' && disabled.value.trim() === '1') return 'disabled';
	return procModules.status === 'found' ? 'enabled' : 'unknown';
}
