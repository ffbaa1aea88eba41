<?php

declare(strict_types=1);

namespace Magento\Integration\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Jwt\JwtManager;
use Magento\Webapi\Model\Authorization\TokenUserContext;

class CustomerTokenIssuer
{
    private const LIFETIME_HOURS_PATH = 'oauth/access_token_lifetime/customer';

    public function __construct(
        private readonly JwtManager $jwtManager,
        private readonly ScopeConfigInterface $scopeConfig,
    ) {
    }

    public function create(int $customerId): string
    {
        $now = time();
        $hours = (int)$this->scopeConfig->getValue(self::LIFETIME_HOURS_PATH);

        return $this->jwtManager->create([
            'uid' => $customerId,
            'utypid' => TokenUserContext::USER_TYPE_CUSTOMER,
            'iat' => $now,
            'exp' => $now + $hours * 3600,
        ]);
    }
}
