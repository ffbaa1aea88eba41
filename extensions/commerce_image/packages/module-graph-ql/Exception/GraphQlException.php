<?php

declare(strict_types=1);

namespace Magento\GraphQl\Exception;

use Magento\Framework\Exception\LocalizedException;

/**
 * An error that a GraphQL client is told, with its category.
 */
class GraphQlException extends LocalizedException
{
    public const AUTHENTICATION = 'graphql-authentication';
    public const AUTHORIZATION = 'graphql-authorization';
    public const INPUT = 'graphql-input';
    public const SYNTAX = 'graphql';

    public function __construct(
        string $message,
        public readonly string $category = self::INPUT,
    ) {
        parent::__construct($message);
    }
}
