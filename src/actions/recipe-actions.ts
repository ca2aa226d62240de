import type {Action} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {performBuildPackages} from './build-packages.ts';
import {performFetchRecipe} from './fetch-recipe.ts';
import {performInstallBuildDependencies} from './install-build-dependencies.ts';
import type {Consents} from './recipe-consent.ts';
import {performReviewRecipe} from './review-recipe.ts';
import type {Stage} from './stage.ts';

export type RecipeAction = Extract<
	Action,
	{kind: 'fetch-recipe' | 'review-recipe' | 'install-build-dependencies' | 'build-packages'}
>;

/** Performs what is done with a recipe. In one place, so that all else is performed without loading what reads recipes. */
export async function performRecipeAction(action: RecipeAction, stage: Stage, consents: Consents): Promise<Outcome> {
	switch (action.kind) {
		case 'fetch-recipe':
			return performFetchRecipe(action.recipe, stage);
		case 'review-recipe':
			return performReviewRecipe(action.recipe, action.last, stage, consents);
		case 'install-build-dependencies':
			return performInstallBuildDependencies(action.build, action.command, stage, consents);
		case 'build-packages':
			return performBuildPackages(action.build, action.command, stage, consents);
	}
}
