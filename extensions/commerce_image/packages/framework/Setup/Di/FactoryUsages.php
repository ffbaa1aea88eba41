<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Di;

use PhpToken;

/**
 * Finds the factories that a PHP file's code names anywhere, also where no constructor asks for them.
 */
class FactoryUsages
{
    private const SUFFIX = 'Factory';
    private const NAMES = [T_STRING, T_NAME_QUALIFIED, T_NAME_FULLY_QUALIFIED];

    /**
     * @return list<string> full names; whether there are such classes is not asked
     */
    public function find(string $path): array
    {
        $tokens = array_values(array_filter(
            PhpToken::tokenize(file_get_contents($path)),
            fn (PhpToken $token): bool => !$token->isIgnorable(),
        ));
        $namespace = '';
        $imports = [];
        $names = [];
        foreach ($tokens as $position => $token) {
            $next = $tokens[$position + 1] ?? null;
            if ($token->is(T_NAMESPACE)) {
                $namespace = $next->text;
            } elseif ($token->is(T_USE) && $next->is(self::NAMES)) {
                $alias = $tokens[$position + 2]->is(T_AS) ? $tokens[$position + 3]->text : strrchr("\\$next->text", '\\');
                $imports[ltrim($alias, '\\')] = ltrim($next->text, '\\');
            } elseif ($token->is(self::NAMES) && str_ends_with($token->text, self::SUFFIX)) {
                $names[] = $token;
            }
        }
        $resolve = fn (PhpToken $name): string => $name->is(T_NAME_FULLY_QUALIFIED)
            ? ltrim($name->text, '\\')
            : $imports[$name->text] ?? "$namespace\\$name->text";

        return array_values(array_unique(array_map($resolve, $names)));
    }
}
