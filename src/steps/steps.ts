import type {Step} from '../model/step.ts';
import type {View} from '../survey/view.ts';
import {bootStep} from './boot.ts';
import {buildStep} from './build.ts';
import {kernelStep} from './kernel.ts';
import {loadStep} from './load.ts';
import {machineStep} from './machine.ts';
import {metadataStep} from './metadata.ts';
import {moduleStep} from './module.ts';
import {toolchainStep} from './toolchain.ts';

/** The walk's steps, in its order. */
export const steps: readonly Step<View>[] = [
	machineStep,
	kernelStep,
	bootStep,
	toolchainStep,
	metadataStep,
	moduleStep,
	buildStep,
	loadStep
];
