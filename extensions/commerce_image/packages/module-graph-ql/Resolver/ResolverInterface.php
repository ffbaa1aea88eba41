<?php

declare(strict_types=1);

namespace Magento\GraphQl\Resolver;

use Magento\GraphQl\Exception\GraphQlException;

/**
 * Finds the value of a field of the type Query or Mutation.
 */
interface ResolverInterface
{
    /**
     * @param array<string, mixed> $arguments
     * @return array<string, mixed>|null field => value
     * @throws GraphQlException
     */
    public function resolve(array $arguments): ?array;
}
