import {vermagicRelease} from '../kernel/module-info.ts';
import type {MachineFacts} from '../survey/machine.ts';
import type {BuiltModule} from '../survey/module.ts';

/** Why the kernel will refuse a module, and what insmod would print. */
export type SignatureRefusal = {readonly why: string; readonly message: string};

/**
 * Why an unsigned module will be refused, as far as that can be known before, and what insmod would print: enforced signatures
 * give EKEYREJECTED, lockdown EPERM (kernel/module/signing.c, module_sig_check).
 */
export function signatureRefusal(machine: MachineFacts, built: BuiltModule): SignatureRefusal | undefined {
	if (built.info.ok && built.info.info.signed) return undefined;
	if (machine.signatures === 'enforced') {
		return {why: 'The kernel enforces module signatures (module.sig_enforce).', message: 'Key was rejected by service'};
	}
	if (machine.lockdown === 'integrity' || machine.lockdown === 'confidentiality') {
		return {
			why: `The kernel is locked down (${machine.lockdown}), as Secure Boot usually makes it.`,
			message: 'Operation not permitted'
		};
	}
	return undefined;
}

/**
 * Why the kernel of this release would refuse a built module, and the cure; undefined where nothing is known against it. Of the
 * vermagic only the release is compared: what follows it is not told by a running kernel.
 */
export function loadRefusal(
	machine: MachineFacts,
	built: BuiltModule,
	release: string,
	folder: string
): {readonly why: string; readonly cure: string} | undefined {
	const again = `Build it again: linux-rust-setup build ${folder}`;
	if (machine.modules === 'disabled') {
		return {
			why: 'The kernel takes no module any more until it is rebooted (kernel.modules_disabled is 1).',
			cure: 'Save your work and reboot: sudo reboot'
		};
	}
	if (!built.info.ok) return {why: `${built.path} is no whole kernel module. ${built.info.why}`, cure: again};
	const {vermagic} = built.info.info;
	if (vermagic === undefined) return {why: `${built.path} is no whole kernel module: it has no vermagic.`, cure: again};
	const builtFor = vermagicRelease(vermagic);
	if (builtFor !== release) {
		return {
			why: `${built.path} was built for ${builtFor}, and the running kernel is ${release}: it would be refused with "Invalid module format".`,
			cure: `Boot ${builtFor}, or build it for this kernel: linux-rust-setup build ${folder}`
		};
	}
	const signature = signatureRefusal(machine, built);
	if (signature === undefined) return undefined;
	return {
		why: `${signature.why} The module is not signed, so insmod would end with "${signature.message}".`,
		cure: 'linux-rust-setup check load says what can be done.'
	};
}
