<?php

declare(strict_types=1);

namespace Magento\Webapi\Model\Authorization;

use Magento\Framework\App\Request;
use Magento\Framework\Jwt\JwtManager;

/**
 * The customer that the request's bearer token was issued to.
 */
class TokenUserContext
{
    public const USER_TYPE_CUSTOMER = 3;

    public function __construct(
        private readonly Request $request,
        private readonly JwtManager $jwtManager,
    ) {
    }

    public function getCustomerId(): ?int
    {
        $isBearer = preg_match('/^Bearer\s+(\S+)$/iD', $this->request->getHeader('Authorization'), $match) === 1;
        $claims = $isBearer ? $this->jwtManager->read($match[1]) : null;

        return ($claims['utypid'] ?? null) === self::USER_TYPE_CUSTOMER ? (int)$claims['uid'] : null;
    }
}
