<?php

declare(strict_types=1);

namespace Magento\Framework\App\Config;

interface ScopeConfigInterface
{
    public const SCOPE_DEFAULT = 'default';
    public const SCOPE_WEBSITES = 'websites';
    public const SCOPE_STORES = 'stores';
    public const SCOPES = [self::SCOPE_DEFAULT, self::SCOPE_WEBSITES, self::SCOPE_STORES];

    /**
     * @param string $scope one of SCOPES
     * @param string|null $code the website's or the store view's
     */
    public function getValue(string $path, string $scope = self::SCOPE_DEFAULT, ?string $code = null): ?string;
}
