<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Di;

use PhpToken;
use ReflectionClass;
use ReflectionMethod;
use ReflectionNamedType;
use ReflectionParameter;

/**
 * Whether a constructor gives its parent's what that wants.
 *
 * Only arguments that are the constructor's own parameters are compared, by their declared types.
 */
class ConstructorIntegrity
{
    /**
     * @param ReflectionClass<object> $class
     * @return string|null what is wrong
     */
    public function findError(ReflectionClass $class): ?string
    {
        $constructor = $class->getConstructor();
        $parent = $class->getParentClass() ?: null;
        $wanted = $parent?->getConstructor()?->getParameters() ?? [];
        if ($constructor?->getDeclaringClass()->getName() !== $class->getName() || $wanted === []) {
            return null;
        }
        $arguments = $this->findParentArguments($constructor);
        foreach ($arguments === null ? [] : $wanted as $position => $parameter) {
            if (!isset($arguments[$position])) {
                if (!$parameter->isOptional()) {
                    return "Missed required argument {$parameter->getName()} in parent::__construct call.";
                }
                continue;
            }
            $error = $this->compare($parameter, $this->findOwnParameter($constructor, $arguments[$position]));
            if ($error !== null) {
                return $error;
            }
        }

        return null;
    }

    private function compare(ReflectionParameter $wanted, ?ReflectionParameter $given): ?string
    {
        $wantedType = $wanted->getType();
        $givenType = $given?->getType();
        if (!$wantedType instanceof ReflectionNamedType || !$givenType instanceof ReflectionNamedType) {
            return null;
        }
        [$required, $actual] = [$wantedType->getName(), $givenType->getName()];
        if ($wantedType->isBuiltin() || is_a($actual, $required, true)) {
            return null;
        }

        return "Incompatible argument type: Required type: \\$required. Actual type: \\$actual;";
    }

    private function findOwnParameter(ReflectionMethod $constructor, string $argument): ?ReflectionParameter
    {
        foreach ($constructor->getParameters() as $parameter) {
            if ('$' . $parameter->getName() === $argument) {
                return $parameter;
            }
        }

        return null;
    }

    /**
     * @return list<string>|null the source of each argument; null when there is no such call, or one by name
     */
    private function findParentArguments(ReflectionMethod $constructor): ?array
    {
        $lines = array_slice(
            file($constructor->getFileName()),
            $constructor->getStartLine() - 1,
            $constructor->getEndLine() - $constructor->getStartLine() + 1,
        );
        $tokens = array_values(array_filter(
            PhpToken::tokenize('<?php ' . implode('', $lines)),
            fn (PhpToken $token): bool => !$token->isIgnorable(),
        ));
        $texts = array_map(fn (PhpToken $token): string => $token->text, $tokens);
        foreach (array_keys($texts, 'parent', true) as $start) {
            if (array_slice($texts, $start + 1, 3) === ['::', '__construct', '(']) {
                return $this->splitArguments(array_slice($texts, $start + 4));
            }
        }

        return null;
    }

    /**
     * @param list<string> $texts tokens behind the opening parenthesis
     * @return list<string>|null
     */
    private function splitArguments(array $texts): ?array
    {
        $arguments = [];
        $argument = '';
        $depth = 0;
        foreach ($texts as $text) {
            $depth += in_array($text, ['(', '[', '{'], true) ? 1 : 0;
            $depth -= in_array($text, [')', ']', '}'], true) ? 1 : 0;
            if ($depth < 0 || ($depth === 0 && $text === ',')) {
                $arguments[] = $argument;
                $argument = '';
            } elseif ($depth === 0 && in_array($text, [':', '...'], true)) {
                return null;
            } else {
                $argument .= $text;
            }
            if ($depth < 0) {
                break;
            }
        }

        return array_values(array_filter($arguments, fn (string $argument): bool => $argument !== ''));
    }
}
