<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Di;

use PhpToken;

/**
 * Finds the class that a PHP file declares, by its tokens: nothing of the file is run.
 */
class DeclaredClass
{
    /**
     * @return string|null with its namespace; null when the file declares none, but an interface, say
     */
    public function find(string $path): ?string
    {
        $tokens = array_values(array_filter(
            PhpToken::tokenize(file_get_contents($path)),
            fn (PhpToken $token): bool => !$token->isIgnorable(),
        ));
        $namespace = '';
        foreach ($tokens as $position => $token) {
            $next = $tokens[$position + 1] ?? null;
            if ($token->is(T_NAMESPACE) && $next?->is([T_NAME_QUALIFIED, T_STRING])) {
                $namespace = $next->text . '\\';
            }
            if ($token->is(T_CLASS) && $next?->is(T_STRING) && !$tokens[$position - 1]->is(T_DOUBLE_COLON)) {
                return $namespace . $next->text;
            }
        }

        return null;
    }
}
