import type {ExpectedBoot} from '../model/boot.ts';
import type {Kernel} from '../survey/kernels.ts';
import type {View} from '../survey/view.ts';
import {nameOf} from './kernel.ts';

/** What became of the reboot that was set out for. By boot and release: no clock is asked. */
export type Resume =
	| {readonly kind: 'none'}
	/** The machine runs as it did. */
	| {readonly kind: 'not-rebooted'; readonly expected: ExpectedBoot}
	| {readonly kind: 'arrived'; readonly expected: ExpectedBoot; readonly running: Kernel}
	| {readonly kind: 'elsewhere'; readonly expected: ExpectedBoot; readonly running: Kernel};

export async function resumeOf(view: View): Promise<Resume> {
	const expected = view.memory.expectedBoot;
	if (expected === undefined) return {kind: 'none'};
	const [bootId, {running, subject}] = await Promise.all([view.bootId(), view.kernels()]);
	if (bootId === undefined || running === undefined) return {kind: 'none'};
	const isIt = running.release === expected.release;
	if (bootId === expected.bootId) return isIt ? {kind: 'none'} : {kind: 'not-rebooted', expected};
	// updated between the decision and the start: the same kernel, only newer
	const isItsUpdate = running.package !== undefined && running.package === expected.package && running === subject;
	return {kind: isIt || isItsUpdate ? 'arrived' : 'elsewhere', expected, running};
}

/** The sentence that greets who comes back from a reboot. */
export function welcome(resume: Resume): string | undefined {
	switch (resume.kind) {
		case 'none':
		case 'not-rebooted':
			return undefined;
		case 'arrived':
			return `Welcome back: ${nameOf(resume.running)} runs, as you set out for.`;
		case 'elsewhere':
			return `Welcome back: ${nameOf(resume.running)} runs, and not ${nameOf(expectedKernel(resume.expected))}, which you set out for.`;
	}
}

export const expectedKernel = ({release, package: name}: ExpectedBoot): Pick<Kernel, 'release' | 'package'> => ({
	release,
	package: name
});
