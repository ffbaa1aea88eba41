<?php

declare(strict_types=1);

namespace Magento\Framework\Jwt;

use Magento\Framework\App\DeploymentConfig;

/**
 * JSON Web Tokens, signed by HS256 with the store's newest crypt key.
 */
class JwtManager
{
    private const ALGORITHM = 'HS256';

    public function __construct(private readonly DeploymentConfig $deploymentConfig)
    {
    }

    /**
     * @param array<string, int|string> $claims
     */
    public function create(array $claims): string
    {
        $keyId = array_key_last($this->getKeys());
        $signed = $this->encode(json_encode(['kid' => (string)$keyId, 'alg' => self::ALGORITHM]))
            . '.' . $this->encode(json_encode($claims));

        return $signed . '.' . $this->encode($this->sign($signed, $keyId));
    }

    /**
     * @return array<string, int|string>|null the claims, or null when the token is not ours or too old
     */
    public function read(string $token): ?array
    {
        if (preg_match('/^[\w-]+\.[\w-]+\.[\w-]+$/D', $token) !== 1) {
            return null;
        }
        [$header, $payload, $signature] = explode('.', $token);
        $keyId = (int)(json_decode($this->decode($header), true)['kid'] ?? -1);
        $isOurs = isset($this->getKeys()[$keyId])
            && hash_equals($this->sign("$header.$payload", $keyId), $this->decode($signature));
        $claims = $isOurs ? json_decode($this->decode($payload), true) : null;

        return is_array($claims) && ($claims['exp'] ?? 0) > time() ? $claims : null;
    }

    /**
     * @return list<string> crypt/key holds one key a line, the newest last
     */
    private function getKeys(): array
    {
        return preg_split('/\s+/', trim((string)$this->deploymentConfig->get('crypt/key')));
    }

    private function sign(string $signed, int $keyId): string
    {
        return hash_hmac('sha256', $signed, $this->getKeys()[$keyId], true);
    }

    private function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }

    private function decode(string $text): string
    {
        return (string)base64_decode(strtr($text, '-_', '+/'));
    }
}
